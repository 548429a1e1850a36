// Appends on the page over a scripted engine: one message a microtask, receipts by themselves, and nothing appended twice
// or lost when an engine dies in between.
import type { Offset, ReplicaId } from '@headwater/log'
import { HeadwaterError } from 'headwater'
import { afterEach, expect, test, vi } from 'vitest'
import { type AppendEntry, unpackBatch } from '../../packages/headwater/src/append-columns.ts'
import { createAppends } from '../../packages/headwater/src/client/appends.ts'
import { createDraftRegistry } from '../../packages/headwater/src/draft-registry.ts'
import type { EngineLink } from '../../packages/headwater/src/link/engine-link.ts'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import type { AppendBatch, AppendedReport, CallId } from '../../packages/headwater/src/protocol.ts'
import { Noted, Opened, openings, refusalOf } from './world.ts'

const powers = createPlatform()
const replica = 'AAAAAAAAAAAAAAAA' as ReplicaId
const died = new HeadwaterError('WORKER_DIED', 'It died.', { hint: 'Reload.' })

function createQueue() {
  let lastId = 0
  return createAppends({ ...powers, events: createDraftRegistry([Opened, Noted]), nextId: () => ++lastId })
}

interface Engine {
  readonly link: EngineLink
  readonly batches: AppendBatch[]
  readonly cancelled: CallId[]
}

/** An engine that takes batches and says nothing. */
function createEngine(head = 0): Engine {
  const batches: AppendBatch[] = []
  const cancelled: CallId[] = []
  const status = {
    error: undefined,
    head: head as Offset,
    replica,
    records: 0,
    bytes: 0,
    aside: 0,
    readOnly: undefined,
    leads: false,
    views: [],
  }
  const link: EngineLink = {
    opened: { status },
    call: () => new Promise(() => undefined),
    append: (batch) => batches.push(batch),
    cancel: (id) => cancelled.push(id),
    release: () => undefined,
  }
  return { link, batches, cancelled }
}

const entriesOf = (batch: AppendBatch | undefined): readonly AppendEntry[] =>
  batch ? unpackBatch(batch) : []

function receipts(batch: AppendBatch | undefined, offset = 1): AppendedReport {
  const numbers = entriesOf(batch).flatMap(({ id }, at) => [id, offset + at, offset + at, 1_024])
  return { type: 'appended', replica, held: 'committed', numbers: Float64Array.from(numbers) }
}

const queues: ReturnType<typeof createQueue>[] = []
const tracked = (): ReturnType<typeof createQueue> => {
  const queue = createQueue()
  queues.push(queue)
  return queue
}
afterEach(() => {
  for (const queue of queues.splice(0)) queue.fail(died)
})

test('a batch is taken apart into the very commits that were put in, whatever letters they are made of', async () => {
  const [queue, engine] = [tracked(), createEngine(7)]
  queue.connect(engine.link)
  const drafts = [[...openings(2), Noted('grüße, 日本'), ...openings(1)], [Noted('"}],')], openings(1)]
  const { signal } = new AbortController()
  const all = drafts.map((each, at) => queue.append(each, at === 1 ? { durability: 'strict', signal } : {}))
  await powers.scheduler.nextTurn()
  const entries = entriesOf(engine.batches[0])
  const decoder = new TextDecoder()
  const bodies = entries.map(({ packed }): unknown =>
    JSON.parse(`[${decoder.decode(packed.bodies).slice(0, -1)}]`),
  )
  expect(bodies).toEqual(drafts.map((each) => each.map(({ data }) => data)))
  expect(entries.map(({ packed }) => packed.count)).toEqual([4, 1, 1])
  expect(entries.map(({ durability }) => durability)).toEqual(['relaxed', 'strict', 'relaxed'])
  expect(entries.map(({ isAbortable }) => isAbortable)).toEqual([false, true, false])
  expect(new Set(entries.map(({ packed }) => packed.commitId)).size).toBe(3)
  queue.appended(receipts(engine.batches[0]))
  expect((await Promise.all(all)).map(({ count }) => count)).toEqual([4, 1, 1])
})

test('appends of one microtask travel as one message, and each gets its own receipt (L5)', async () => {
  const [queue, engine] = [tracked(), createEngine()]
  queue.connect(engine.link)
  const all = openings(3).map((draft) => queue.append([draft], {}))
  await Promise.resolve()
  await Promise.resolve()
  expect(engine.batches).toHaveLength(1)
  const [batch] = engine.batches
  expect(entriesOf(batch)).toHaveLength(3)
  queue.appended(receipts(batch, 5))
  const got = await Promise.all(all)
  expect(got.map(({ offset, count, held }) => [offset, count, held])).toEqual([
    [5, 1, 'committed'],
    [6, 1, 'committed'],
    [7, 1, 'committed'],
  ])
  expect(got.map(({ commitId }) => commitId)).toEqual(entriesOf(batch).map(({ packed }) => packed.commitId))
})

test('what was not answered when the engine died is handed to the next one with its commit id (L1, D4)', async () => {
  const [queue, first, second] = [tracked(), createEngine(40), createEngine(41)]
  queue.connect(first.link)
  const answered = queue.append(openings(1), {})
  const open = queue.append(openings(2, 1), { durability: 'strict' })
  await powers.scheduler.nextTurn()
  const [batch] = first.batches
  queue.appended({ ...receipts(batch, 41), numbers: receipts(batch, 41).numbers.slice(0, 4) })
  await answered
  queue.disconnect()
  const late = queue.append(openings(1, 9), {})
  queue.connect(second.link)
  const [again] = second.batches
  const [retried, fresh] = entriesOf(again)
  expect(retried).toMatchObject({ since: 40, durability: 'strict', packed: { count: 2 } })
  expect(retried?.packed.commitId).toBe(entriesOf(batch)[1]?.packed.commitId)
  expect(fresh?.since).toBeUndefined()
  expect(first.batches).toHaveLength(1)
  queue.appended(receipts(again, 42))
  expect(await Promise.all([open, late])).toHaveLength(2)
})

test('what an engine that has died still says is taken: a receipt is the truth, whoever brings it (L5)', async () => {
  const [queue, first, second] = [tracked(), createEngine(), createEngine()]
  queue.connect(first.link)
  const receipt = queue.append(openings(1), {})
  await powers.scheduler.nextTurn()
  queue.disconnect()
  queue.appended(receipts(first.batches[0]))
  await receipt
  queue.connect(second.link)
  expect(second.batches).toHaveLength(0)
})

test('at most eight Mi of characters are in the hands of the engine; the rest follows its receipts', async () => {
  const [queue, engine] = [tracked(), createEngine()]
  queue.connect(engine.link)
  const all = Array.from({ length: 60 }, () => queue.append([Noted('x'.repeat(200_000))], {}))
  await powers.scheduler.nextTurn()
  const taken = (): number => engine.batches.reduce((sum, batch) => sum + batch.bodies.text.length, 0)
  expect(taken()).toBeGreaterThan(8_000_000)
  expect(taken()).toBeLessThan(9_000_000)
  for (let at = 0; at < engine.batches.length; at++) {
    queue.appended(receipts(engine.batches[at]))
    await powers.scheduler.nextTurn()
  }
  expect(await Promise.all(all)).toHaveLength(60)
})

test('one that is aborted before it is sent is stored nowhere (D4)', async () => {
  const [queue, engine] = [tracked(), createEngine()]
  const stop = new AbortController()
  const refusal = refusalOf(queue.append(openings(1), { signal: stop.signal }))
  await powers.scheduler.nextTurn()
  stop.abort()
  expect(await refusal).toMatchObject({ code: 'ABORTED' })
  queue.connect(engine.link)
  await powers.scheduler.nextTurn()
  expect(engine.batches).toHaveLength(0)
})

test('a signal that serves many appends keeps nothing of those that have ended', async () => {
  const [queue, engine] = [tracked(), createEngine()]
  queue.connect(engine.link)
  const { signal } = new AbortController()
  const added = vi.spyOn(signal, 'addEventListener')
  const removed = vi.spyOn(signal, 'removeEventListener')
  const appends = [1, 2, 3].map((n) => queue.append([Noted(n)], { signal }))
  await Promise.resolve()
  queue.appended(receipts(engine.batches[0]))
  await Promise.all(appends)
  expect(added).toHaveBeenCalledTimes(3)
  expect(removed).toHaveBeenCalledTimes(3)
})

test('one that is under way when it is aborted is cancelled, and ends as the engine says (L5)', async () => {
  const [queue, engine] = [tracked(), createEngine()]
  queue.connect(engine.link)
  const stop = new AbortController()
  const receipt = queue.append(openings(1), { signal: stop.signal })
  await powers.scheduler.nextTurn()
  stop.abort()
  expect(engine.cancelled).toEqual(entriesOf(engine.batches[0]).map(({ id }) => id))
  queue.appended(receipts(engine.batches[0]))
  expect((await receipt).offset).toBe(1)
})

test('what waits when the connection is given up is rejected by its name, and so is what comes (D4)', async () => {
  const [queue, engine] = [tracked(), createEngine()]
  queue.connect(engine.link)
  const waiting = refusalOf(queue.append(openings(1), {}))
  await powers.scheduler.nextTurn()
  queue.fail(died)
  expect(await waiting).toBe(died)
  expect(await refusalOf(queue.append(openings(1), {}))).toBe(died)
  await queue.idle()
})
