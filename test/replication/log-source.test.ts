// A log as a session's source: only durable commits are given, what is refused is refused alone, marks notice a lost tail.

import { createMemoryLog, type Log, type ReplicaId, type Sequence } from '@headwater/log'
import { createLogSource, type Position, type SentCommit } from '@headwater/replication'
import { expect, test } from 'vitest'
import { createWorld, Noted, type World } from '../log/world.ts'
import { cloneStore, createSyncWorld } from './world.ts'

const all = { maxBytes: 1_048_576, lacks: (): boolean => true }
const origin = 0 as Position

async function write(log: Log, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await log.append([Noted({ id: 'x', text })])
}

async function commitsOf(log: Log): Promise<readonly SentCommit[]> {
  return (await createLogSource(log).read(origin, all)).commits
}

function logs(count: number): readonly Log[] {
  return Array.from({ length: count }, (_, i) => createMemoryLog(createWorld(i + 1)))
}

test('own commits are given only behind a strict write, one for a batch; those of others need none', async () => {
  const [mine, others] = logs(2)
  await write(mine!, 'a', 'b', 'c')
  await write(others!, 'x')
  const calls: string[] = []
  const spied: Log = {
    ...mine!,
    id: mine!.id,
    get head() {
      return mine!.head
    },
    get replica() {
      return mine!.replica
    },
    harden: async () => {
      calls.push('harden')
      return mine!.harden()
    },
    readChained: async (...args) => {
      calls.push('read')
      return mine!.readChained(...args)
    },
  }
  const source = createLogSource(spied)
  expect((await source.read(origin, all)).commits).toHaveLength(3)
  expect(calls).toEqual(['read', 'harden'])
  await source.store(await commitsOf(others!))
  expect((await source.read(3 as Position, all)).commits).toHaveLength(1)
  expect(calls).toEqual(['read', 'harden', 'read'])
  await write(mine!, 'd')
  expect((await source.read(4 as Position, all)).commits).toHaveLength(1)
  expect(calls).toEqual(['read', 'harden', 'read', 'read', 'harden'])
})

test('what the peer has is passed over, and reading is cut by bytes', async () => {
  const [log] = logs(1)
  await write(log!, 'a', 'b', 'c')
  const source = createLogSource(log!)
  const half = await source.read(origin, { maxBytes: 1_048_576, lacks: (_, sequence) => sequence > 2 })
  expect(half).toMatchObject({ through: 3, isEnd: true, commits: [{ lastSequence: 3, position: 3 }] })
  const cut = await source.read(origin, { ...all, maxBytes: 1 })
  expect(cut).toMatchObject({ through: 1, isEnd: false, commits: [{ lastSequence: 1 }] })
})

test('a fork refuses the commits of its replica from there on, and nothing else (L1, L3)', async () => {
  const world = createSyncWorld(1)
  const a = world.device('a')
  await a.write('x', 'common')
  const clone = world.device('clone', cloneStore(a.store, world.random))
  const other = world.device('other')
  for (const text of ['1', '2', '3']) await a.write('x', text)
  for (const text of ['one', 'two']) await clone.write('x', text)
  await other.write('y', 'other')
  const [mine, theirs, others] = await Promise.all([a, clone, other].map(({ log }) => commitsOf(log)))
  const target = createLogSource(world.device('target').log)
  expect((await target.store(mine!)).map(({ type }) => type)).toEqual(Array(4).fill('stored'))
  const mixed = [theirs![0]!, theirs![1]!, others![0]!, theirs![2]!]
  expect(await target.store(mixed)).toMatchObject([
    { type: 'held' },
    { type: 'refused', code: 'FORK' },
    { type: 'stored' },
    { type: 'refused', code: 'SEQUENCE_GAP' },
  ])
})

test('a gap is refused by name (L3)', async () => {
  const [mine, target] = logs(2)
  await write(mine!, 'a', 'b')
  const [, second] = await commitsOf(mine!)
  expect(await createLogSource(target!).store([second!])).toMatchObject([
    { type: 'refused', code: 'SEQUENCE_GAP' },
  ])
})

test('a stamp a day ahead is refused, unless this side is known to be behind', async () => {
  const ahead: World = createWorld(1)
  const target = createMemoryLog(createWorld(2))
  ahead.clock.ms += 2 * 86_400_000
  const mine = createMemoryLog(ahead)
  await write(mine, 'a')
  const commits = await commitsOf(mine)
  expect(await createLogSource(target).store(commits)).toMatchObject([
    { type: 'refused', code: 'STAMP_AHEAD' },
  ])
  const knowing = createLogSource(target, { maxDriftMs: () => 3 * 86_400_000 })
  expect(await knowing.store(commits)).toMatchObject([{ type: 'stored' }])
})

test('a leader that was superseded stores nothing', async () => {
  const [mine, target] = logs(2)
  await write(mine!, 'a')
  const lease = await target!.lease.take(0, 'one')
  await target!.lease.take(lease!.epoch, 'two')
  const source = createLogSource(target!, { epoch: () => lease!.epoch })
  await expect(source.store(await commitsOf(mine!))).rejects.toMatchObject({ code: 'SUPERSEDED' })
  expect(target!.head).toBe(0)
})

test('a mark fits the log that it was made of, and not one that lost its tail and grew another', async () => {
  const world = createSyncWorld(2)
  const a = world.device('a')
  await a.write('x', '1')
  const restored = world.device('restored', cloneStore(a.store, world.random))
  await a.write('x', '2')
  await a.write('x', '3')
  for (const text of ['zwei', 'drei', 'vier']) await restored.write('x', text)
  const source = createLogSource(a.log)
  const { mark, through } = await source.read(origin, all)
  const token = { stream: source.stream, position: through, mark }
  expect(await source.resume(token)).toBe(3)
  expect(await createLogSource(restored.log).resume(token)).toBeUndefined()
  const first = await source.read(origin, { ...all, maxBytes: 1 })
  const early = { stream: source.stream, position: first.through, mark: first.mark }
  expect(await createLogSource(restored.log).resume(early)).toBe(1)
  for (const position of [0, 2, 9])
    expect(await source.resume({ ...token, position: position as Position })).toBeUndefined()
  expect(await source.resume({ ...token, mark: new Uint8Array(0) })).toBeUndefined()
})

test('hashes are those of standing commits that end there', async () => {
  const [log] = logs(1)
  await write(log!, 'a', 'b')
  const source = createLogSource(log!)
  const vector = await source.vector()
  const [one, two, none] = await source.hashesOf(log!.replica, [1, 2, 3] as number[] as Sequence[])
  expect(two).toEqual(vector.get(log!.replica)?.hash)
  expect(one).toHaveLength(32)
  expect(none).toBeUndefined()
  expect(await source.hashesOf('nobody-has-this-' as ReplicaId, [1 as Sequence])).toEqual([undefined])
})
