// Random histories of three handles on one log that append, merge foreign replicas (in random cuts, repeated, forked, with
// gaps), pack, die and are hinted at wrongly, over a store that loses completions and handles, against naive models: what
// each author wrote, and what was acknowledged. A failure prints the seed and the path to it.

import { type Log, type Offset, ORIGIN, type ReplicaId } from '@headwater/log'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commitOf, note, readAll } from '../contract/log.contract.ts'
import { createFaultyFactory, type Fault } from './faulty-factory.ts'
import { type Laid, layOut } from './stored.ts'

const SEED = 20_260_104
const AUTHORS = 10 // more than a small vector has
const COMMITS = 12

/** What foreign replica `author` wrote: commit k has k % 3 + 1 events; stamps of different authors are interleaved. */
const written = Array.from({ length: AUTHORS }, (_, author) => {
  const replica = `Author-${String(author).padStart(9, '0')}` as ReplicaId
  let sequence = 1
  const commits = Array.from({ length: COMMITS }, (__, k) => {
    const ids = Array.from({ length: (k % 3) + 1 }, (___, i) => `${author}/${k}/${i}`)
    const firstSequence = sequence
    sequence += ids.length
    const at = k * 1_000 + ((author * 37) % 100)
    return { ids, bytes: commitOf(ids.map(note), { replica, firstSequence, at }), firstSequence, at }
  })
  return { replica, commits }
})

type Step =
  | { readonly type: 'append'; readonly handle: number; readonly sizes: readonly number[] }
  | {
      readonly type: 'merge'
      readonly handle: number
      readonly author: number
      readonly from: number
      readonly to: number
    }
  | { readonly type: 'fork'; readonly handle: number; readonly author: number; readonly place: number }
  | { readonly type: 'read' | 'pack' | 'die' | 'hint'; readonly handle: number }
  | { readonly type: 'fault'; readonly fault: Fault }

const handle = fc.nat(2)
const author = fc.nat(AUTHORS - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      handle,
      sizes: fc.oneof(
        { weight: 6, arbitrary: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 70 }) },
        { weight: 1, arbitrary: fc.constant([1, 4_096, 2]) },
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('merge' as const),
      handle,
      author,
      from: fc.nat(COMMITS - 1),
      to: fc.integer({ min: 1, max: COMMITS }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('fork' as const), handle, author, place: fc.nat(COMMITS - 1) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constantFrom('read', 'pack', 'die', 'hint'), handle }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      fault: fc.constantFrom<Fault>('false-abort', 'abort', 'handle-closed'),
    }),
  },
)

test('whatever is appended and merged at once, each replica’s events are there once, in order (L1–L4, L6, L7)', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 30 }), fc.nat(1_000), play), {
    seed: SEED,
    numRuns: 30,
  })
}, 60_000)

async function play(steps: readonly Step[], seed: number): Promise<void> {
  const faulty = createFaultyFactory()
  const laid = layOut(seed, faulty.factory)
  const logs = await Promise.all([laid.open(), laid.open(), laid.open()])
  const opened = [...logs]
  const acknowledged = new Map<string, number>()
  const merged = written.map(() => 0)
  let running: Promise<unknown>[] = []
  let faults = 0
  for (const [i, each] of steps.entries()) {
    running.push(take(each, i))
    if (i % 4 === seed % 4 || seed % 3 === 0) await Promise.all(running.splice(0))
  }
  await Promise.all(running)
  running = []
  await check(laid, acknowledged, merged)
  await Promise.all(opened.map((log) => log.close()))

  async function take(each: Step, place: number): Promise<void> {
    switch (each.type) {
      case 'append':
        await append(logs[each.handle]!, place, each.sizes)
        return
      case 'merge':
        await merge(logs[each.handle]!, each.author, each.from, each.to)
        return
      case 'fork':
        await expectFork(logs[each.handle]!, each.author, each.place)
        return
      case 'read':
        await expectAnswers(logs[each.handle]!)
        return
      case 'pack':
        await logs[each.handle]!.pack()
        return
      case 'die': // the old handle is left as it is, and what it was asked for goes on
        logs[each.handle] = await laid.open()
        opened.push(logs[each.handle]!)
        return
      case 'hint':
        logs[each.handle]!.hint(Number.NaN as Offset)
        return
      case 'fault':
        if (faults++ < 2) faulty.faults.push(each.fault) // a third could use up all tries of one call
    }
  }

  async function append(log: Log, place: number, sizes: readonly number[]): Promise<void> {
    const appends = sizes.map(async (size, commit) => {
      const ids = Array.from({ length: size }, (_, i) => `own ${place}/${commit}/${i}`)
      const { offset } = await log.append(ids.map(note))
      for (const [i, id] of ids.entries()) acknowledged.set(id, offset - size + 1 + i)
    })
    await Promise.all(appends)
  }

  async function merge(log: Log, who: number, from: number, to: number): Promise<void> {
    const commits = written[who]!.commits.slice(from, to)
    try {
      const { duplicates, merged: fresh } = await log.merge(commits.map(({ bytes }) => bytes))
      expect(duplicates + fresh).toBe(commits.reduce((sum, { ids }) => sum + ids.length, 0))
      if (commits.length > 0) merged[who] = Math.max(merged[who]!, to)
    } catch (error) {
      expect(error).toMatchObject({ code: 'SEQUENCE_GAP' })
    }
  }

  async function expectFork(log: Log, who: number, place: number): Promise<void> {
    const { replica, commits } = written[who]!
    const { firstSequence, at, ids } = commits[place]!
    const other = commitOf(
      ids.map((id) => note(`other ${id}`)),
      { replica, firstSequence, at },
    )
    if (place >= merged[who]!) return // not held yet: who comes first is right
    await expect(log.merge([other])).rejects.toMatchObject({ code: 'FORK' })
  }
}

/** Batches of any size and single look-ups agree with each other while others write and pack. */
async function expectAnswers(log: Log): Promise<void> {
  const events = await readAll(log, 333)
  expect(events.map(({ offset }) => offset)).toEqual(events.map((_, i) => i + 1))
  const some = events.filter((_, i) => i % 97 === 5)
  expect(await log.readAt(some.map(({ offset }) => offset))).toEqual(some)
}

async function check(
  laid: Laid,
  acknowledged: ReadonlyMap<string, number>,
  merged: readonly number[],
): Promise<void> {
  const log = await laid.open()
  await expectAnswers(log)
  const events = await readAll(log, 1_000)
  const idOf = ({ data }: (typeof events)[number]): string => (data as { id: string }).id
  expect(new Set(events.map(idOf)).size).toBe(events.length)
  for (const [id, offset] of acknowledged) expect(idOf(events[offset - 1]!)).toBe(id)
  const vector: Record<string, number> = {}
  for (const [who, { replica, commits }] of written.entries()) {
    const ids = commits.slice(0, merged[who]).flatMap((commit) => commit.ids)
    expect(events.filter((event) => event.replica === replica).map(idOf)).toEqual(ids)
    if (ids.length > 0) vector[replica] = ids.length
  }
  const own = events.filter(({ replica }) => replica === log.replica)
  expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, i) => i + 1))
  if (own.length > 0) vector[log.replica] = own.length
  expect((await log.vector()).toJSON()).toEqual(vector)
  expect((await log.readCommits(ORIGIN)).through).toBeGreaterThanOrEqual(Math.min(1, events.length))
  await log.close()
}
