// Random histories of two or three handles on one IndexedDB log, stale beliefs, packing and lost completions included,
// against the simplest model there is: a list of what was acknowledged. A failure prints the seed and the path to it.

import { type Log, ORIGIN, type Receipt } from '@headwater/log'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { note, readAll } from '../contract/log.contract.ts'
import { createFaultyFactory, type Fault } from './faulty-factory.ts'
import { layOut } from './stored.ts'

const SEED = 20_260_103
const HANDLES = 3

type Step =
  | { readonly type: 'append'; readonly handle: number; readonly commits: number; readonly events: number }
  | { readonly type: 'read' | 'refresh' | 'pack' | 'reopen'; readonly handle: number }
  | { readonly type: 'fault'; readonly fault: Fault }
  | { readonly type: 'clock'; readonly ms: number }

const handle = fc.nat(HANDLES - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      handle,
      commits: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }) },
        { weight: 1, arbitrary: fc.integer({ min: 60, max: 90 }) },
      ),
      events: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('read', 'refresh', 'pack', 'reopen'), handle }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      fault: fc.constantFrom<Fault>('false-abort', 'abort', 'handle-closed'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('clock' as const), ms: fc.integer({ min: -1e9, max: 1e9 }) }),
  },
)

test('whatever handles do at once, acknowledged events are there once, in one order (L1, L2, L4, L5, L6, L7)', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), fc.nat(1_000), play), {
    seed: SEED,
    numRuns: 40,
  })
}, 60_000)

async function play(steps: readonly Step[], seed: number): Promise<void> {
  const faulty = createFaultyFactory()
  const laid = layOut(seed, faulty.factory)
  const logs = await Promise.all(Array.from({ length: HANDLES }, () => laid.open()))
  const acknowledged = new Map<string, Receipt>()
  let running: Promise<unknown>[] = []
  for (const [i, each] of steps.entries()) {
    running.push(take(each, i))
    if (i % 3 === seed % 3 || seed % 2 === 0) await settle()
  }
  await settle()
  await check(logs, acknowledged)
  await Promise.all(logs.map((log) => log.close()))

  async function settle(): Promise<void> {
    const outcomes = await Promise.allSettled(running)
    running = []
    const odd = outcomes.find(
      (outcome) => outcome.status === 'rejected' && outcome.reason?.code !== 'STORAGE_LOST',
    )
    if (odd?.status === 'rejected') throw odd.reason
  }

  async function take(each: Step, place: number): Promise<void> {
    switch (each.type) {
      case 'append':
        await append(logs[each.handle]!, place, each.commits, each.events)
        return
      case 'read':
        expectOrdered(await readAll(logs[each.handle]!, 7))
        return
      case 'refresh':
        await logs[each.handle]!.refresh()
        return
      case 'pack':
        await logs[each.handle]!.pack()
        return
      case 'reopen':
        logs[each.handle] = await laid.open()
        return
      case 'fault':
        faulty.faults.push(each.fault)
        return
      case 'clock':
        laid.world.clock.ms = Math.max(0, laid.world.clock.ms + each.ms)
    }
  }

  async function append(log: Log, place: number, commits: number, events: number): Promise<void> {
    const all = Array.from({ length: commits }, async (_, commit) => {
      const ids = Array.from({ length: events }, (__, event) => `${place}.${commit}.${event}`)
      const receipt = await log.append(ids.map(note))
      for (const [event, id] of ids.entries()) acknowledged.set(id, { ...receipt, count: event })
    })
    await Promise.all(all)
  }
}

/** Every handle sees the same; every acknowledged event is where its receipt says; nothing is there twice. */
async function check(logs: readonly Log[], acknowledged: ReadonlyMap<string, Receipt>): Promise<void> {
  await Promise.all(logs.map((log) => log.refresh()))
  const events = await readAll(logs[0]!)
  for (const log of logs) expect(await readAll(log, 1_000)).toEqual(events)
  expectOrdered(events)
  const ids = events.map(({ data }) => (data as { id: string }).id)
  expect(new Set(ids).size).toBe(ids.length)
  const byId = new Map(ids.map((id, i) => [id, events[i]!]))
  for (const [id, { firstSequence, count, timestamp, replica }] of acknowledged) {
    expect(byId.get(id)).toMatchObject({ sequence: firstSequence + count, timestamp, replica })
  }
  expect((await logs[0]!.readCommits(ORIGIN)).through).toBeGreaterThanOrEqual(0)
}

function expectOrdered(events: readonly { offset: number; sequence: number; timestamp: number }[]): void {
  for (const [i, event] of events.entries()) {
    expect([event.offset, event.sequence]).toEqual([i + 1, i + 1])
    if (i > 0) expect(event.timestamp).toBeGreaterThanOrEqual(events[i - 1]!.timestamp)
  }
}
