// When a dead engine is started again: the pure rules, and the shell that acts on them over scripted links.

import type { Offset } from '@headwater/log'
import { HeadwaterError, isHeadwaterError } from 'headwater'
import { expect, test, vi } from 'vitest'
import { createCalls } from '../../packages/headwater/src/client/calls.ts'
import { openConnection } from '../../packages/headwater/src/client/connection.ts'
import {
  GRACE_MS,
  SUPERVISION_START,
  type Supervision,
  type SupervisionInput,
  supervise,
} from '../../packages/headwater/src/client/supervision.ts'
import type { Connect, EngineLink, LinkEvents } from '../../packages/headwater/src/link/engine-link.ts'
import { describe as spell } from '../../packages/headwater/src/link/hello.ts'
import { countSilence, PING_EVERY_MS, type Silence } from '../../packages/headwater/src/link/watchdog.ts'
import { connectToWorker } from '../../packages/headwater/src/link/worker-link.ts'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import type { AnswerMessage, CallMessage } from '../../packages/headwater/src/protocol.ts'
import { createVirtualTime } from '../sync/virtual-time.ts'
import { refusalOf, tracker } from './world.ts'

const after = (...inputs: readonly SupervisionInput[]): Supervision =>
  inputs.reduce(supervise, SUPERVISION_START)
const connected = { type: 'connected' } as const
const diedAt = (nowMs: number, isNews = false): SupervisionInput => ({ type: 'died', nowMs, isNews })

test('a dead engine is started again once, and again only a minute later (D4)', () => {
  expect(after(diedAt(5))).toMatchObject({ phase: 'restarting', restarts: 1 })
  expect(after(diedAt(5), connected)).toMatchObject({ phase: 'open', restarts: 1 })
  expect(after(diedAt(5), connected, diedAt(4 + GRACE_MS))).toEqual({ phase: 'failed', restarts: 1 })
  expect(after(diedAt(5), connected, diedAt(5 + GRACE_MS))).toMatchObject({
    phase: 'restarting',
    restarts: 2,
  })
  expect(after(diedAt(5), { type: 'refused' })).toEqual({ phase: 'failed', restarts: 1 })
})

test('a death that teaches what the next engine must not do is never the last', () => {
  const deaths = [1, 2, 3].flatMap((nowMs) => [diedAt(nowMs, true), connected])
  expect(after(...deaths)).toMatchObject({ phase: 'open', restarts: 3 })
  expect(after(...deaths, diedAt(4))).toEqual({ phase: 'failed', restarts: 3 })
})

test('a worker that misses five pings in a row hangs; a page that slept knows nothing', () => {
  const start: Silence = { missed: 0, dueMs: PING_EVERY_MS }
  const tick = (silence: Silence): Silence => countSilence(silence, silence.dueMs, false)
  expect(tick(tick(start)).missed).toBe(2)
  expect(countSilence(tick(start), 2 * PING_EVERY_MS, true).missed).toBe(0)
  expect(countSilence(tick(start), 60 * PING_EVERY_MS, false)).toEqual({
    missed: 0,
    dueMs: 61 * PING_EVERY_MS,
  })
})

/** A worker that opens, and then hangs. */
class Hanging extends EventTarget {
  isTerminated = false
  postMessage({ call, method, args }: CallMessage): void {
    const value = method === 'hello' ? { serves: spell(tracker) } : method === 'open' && {}
    // It holds the lock of its life, where there are locks.
    if (method === 'hello')
      void globalThis.navigator?.locks?.request(String(args[0]), () => new Promise(() => undefined))
    const data = { answer: call, outcome: { type: 'done', value } } satisfies AnswerMessage
    if (value) queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data })))
  }
  terminate(): void {
    this.isTerminated = true
  }
}

test('a worker that hangs is ended and named also where no more code can be loaded (D4)', async () => {
  vi.doMock('../../packages/headwater/src/link/watchdog.ts', () => {
    throw new Error('the page is offline')
  })
  const time = createVirtualTime()
  const { random } = createPlatform()
  const worker = new Hanging()
  const connect = connectToWorker(() => worker as unknown as Worker, { random, ...time.tab() })
  const deaths: HeadwaterError[] = []
  const events = { reports: () => undefined, died: (error: HeadwaterError) => deaths.push(error) }
  await connect(tracker, { name: 'a', storage: 'memory', deadlineMs: 1_000 }, events)
  await time.pass(30_000)
  expect(deaths).toMatchObject([{ code: 'WORKER_DIED', message: expect.stringMatching(/20 s/) }])
  expect(worker.isTerminated).toBe(true)
})

test('what has failed or been closed stays so, whatever comes', () => {
  for (const end of [{ type: 'refused' }, { type: 'closed' }] as const) {
    const state = after(end)
    for (const input of [diedAt(1), connected, { type: 'refused' }, { type: 'closed' }] as const) {
      expect(supervise(state, input)).toEqual(state)
    }
  }
})

/** Links that answer nothing but what the test answers. */
function script(refuseAfter = Infinity) {
  const { scheduler } = createPlatform()
  const asked: { method: string; answer: (value: never) => void }[] = []
  const events: LinkEvents[] = []
  const phases: string[] = []
  const calls = createCalls(scheduler)
  const status = {
    error: undefined,
    head: 0 as Offset,
    replica: '',
    records: 0,
    bytes: 0,
    aside: 0,
    readOnly: undefined,
  }
  const connect: Connect = async (_definition, _args, own) => {
    if (events.length >= refuseAfter) throw new HeadwaterError('WORKER_UNAVAILABLE', 'No.', { hint: 'Hm.' })
    events.push(own)
    const link: EngineLink = {
      opened: { status: { ...status, leads: false, views: [] } },
      call: (_id, method) => new Promise((answer) => asked.push({ method, answer })),
      append: () => undefined,
      cancel: () => undefined,
      release: () => undefined,
    }
    return link
  }
  const opened = openConnection({
    definition: tracker,
    args: { name: 'a', storage: 'memory', deadlineMs: 100 },
    connect,
    scheduler,
    parts: [calls],
    onReport: () => undefined,
    onChange: ({ phase }) => phases.push(phase),
  })
  return { opened, calls, asked, phases, scheduler, die: () => events.at(-1)?.died(died) }
}
const died = new HeadwaterError('WORKER_DIED', 'It died.', { hint: 'Reload.' })
const look = { silenceMs: 10_000 }

test('a call that waits when the engine dies is asked again, and answered once (D4)', async () => {
  const { opened, calls, asked, phases, die, scheduler } = script()
  await opened
  const answer = calls.ask('look', undefined, look)
  die()
  await scheduler.nextTurn()
  expect(asked.map(({ method }) => method)).toEqual(['look', 'look'])
  asked[1]?.answer(undefined as never)
  await answer
  expect(phases).toEqual(['restarting', 'open'])
})

test('a second death within a minute rejects all that waits, by name (D4)', async () => {
  const { opened, calls, phases, die, scheduler } = script()
  await opened
  const refusal = refusalOf(calls.ask('look', undefined, look))
  die()
  await scheduler.nextTurn()
  die()
  expect(await refusal).toMatchObject({ code: 'WORKER_DIED' })
  expect(await refusalOf(calls.ask('look', undefined, look))).toMatchObject({ code: 'WORKER_DIED' })
  expect(phases).toEqual(['restarting', 'open', 'failed'])
})

test('an engine that cannot be started again fails what waits, and says why (D4)', async () => {
  const { opened, calls, phases, die } = script(1)
  await opened
  const refusal = refusalOf(calls.ask('look', undefined, look))
  die()
  const error = await refusal
  if (!isHeadwaterError(error, 'WORKER_DIED')) throw new Error('another name')
  expect(error.cause).toMatchObject({ code: 'WORKER_UNAVAILABLE' })
  expect(phases).toEqual(['restarting', 'failed'])
})

test('an engine that is silent past the deadline is an error by name (D4)', async () => {
  const { opened, calls } = script()
  await opened
  expect(await refusalOf(calls.ask('look', undefined, { silenceMs: 1 }))).toMatchObject({ code: 'DEADLINE' })
})

test('an aborted wait ends at once (D4)', async () => {
  const { opened, calls } = script()
  await opened
  const stop = new AbortController()
  const refusal = refusalOf(calls.ask('look', undefined, { ...look, signal: stop.signal }))
  stop.abort()
  expect(await refusal).toMatchObject({ code: 'ABORTED' })
  expect(await refusalOf(calls.ask('look', undefined, { ...look, signal: stop.signal }))).toMatchObject({
    code: 'ABORTED',
  })
})
