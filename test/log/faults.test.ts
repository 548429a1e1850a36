// Crash, lost completion, lost connection and quota as inputs: whatever storage does, nothing is stored twice, nothing
// that was acknowledged is lost, and every wait ends.

import {
  type Draft,
  destroyIndexedDbLog,
  drawId,
  type Offset,
  ORIGIN,
  openIndexedDbLog,
  packDrafts,
  type Scheduler,
} from '@headwater/log'
import { IDBFactory, IDBKeyRange, IDBObjectStore } from 'fake-indexeddb'
import { expect, test, vi } from 'vitest'
import { note, readAll } from '../contract/log.contract.ts'
import { createFaultyFactory, type Fault } from './faulty-factory.ts'
import { layOut } from './stored.ts'
import { createWorld, Noted, type World } from './world.ts'

const AMBIGUOUS: readonly Fault[] = ['lost-completion', 'false-abort', 'abort', 'handle-closed']

for (const fault of AMBIGUOUS) {
  test(`after ${fault} an append is stored exactly once (L5)`, async () => {
    const faulty = createFaultyFactory()
    const laid = layOut(1, faulty.factory)
    const log = await laid.open()
    await log.append([note('a')])
    faulty.faults.push(fault)
    const receipts = await Promise.all([log.append([note('b'), note('c')]), log.append([note('d')])])
    expect(receipts.map(({ offset }) => offset)).toEqual([3, 4])
    expect([log.head, (await log.read(1 as Offset)).events.length]).toEqual([4, 3])
    expect(await ids(laid)).toEqual(['a', 'b', 'c', 'd'])
    expect((await log.append([note('e')])).firstSequence).toBe(5)
    await log.close()
  })

  test(`after ${fault} a merge is stored exactly once (L3)`, async () => {
    const source = await layOut(2).open()
    await source.append([note('a')])
    await source.append([note('b')])
    const commits = (await source.readCommits(ORIGIN)).commits.map(({ bytes }) => bytes)
    const faulty = createFaultyFactory()
    const laid = layOut(3, faulty.factory)
    const log = await laid.open()
    faulty.faults.push(fault)
    await log.merge(commits)
    expect(await ids(laid)).toEqual(['a', 'b'])
    await Promise.all([log.close(), source.close()])
  })
}

for (const fault of [...AMBIGUOUS, 'quota'] as const) {
  for (const place of [0, 1, 2]) {
    test(`appends behind one that meets ${fault} keep their order (L2, L5), at ${place}`, async () => {
      const faulty = createFaultyFactory()
      const laid = layOut(20 + place, faulty.factory)
      const log = await laid.open()
      await log.append([note('first')])
      for (let i = 0; i < place; i++) faulty.faults.push('none')
      faulty.faults.push(fault)
      const outcomes = await Promise.allSettled(
        Array.from({ length: 6 }, (_, i) => log.append([large(`${i}`), large(`${i}+`), large(`${i}++`)])),
      )
      const stored = outcomes.flatMap((outcome, i) => (outcome.status === 'fulfilled' ? [i] : []))
      expect(stored).toEqual([0, 1, 2, 3, 4, 5].filter((i) => fault !== 'quota' || i !== place))
      expect(await ids(laid)).toEqual(['first', ...stored.flatMap((i) => [`${i}`, `${i}+`, `${i}++`])])
      const offsets = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value.offset] : [],
      )
      expect(offsets).toEqual(stored.map((_, k) => 4 + 3 * k))
      await log.close()
    })
  }
}

test('another tab’s commits between two of ours on their way are taken account of (L2, L6)', async () => {
  const laid = layOut(30)
  const [a, b] = [await laid.open(), await laid.open()]
  const appends = Array.from({ length: 12 }, (_, i) =>
    (i % 2 ? a : b).append([large(`${i}`), large(`${i}+`), large(`${i}++`), large(`${i}+++`)]),
  )
  const receipts = await Promise.all(appends)
  expect(new Set(receipts.map(({ firstSequence }) => firstSequence)).size).toBe(12)
  for (const own of [0, 1]) {
    const offsets = receipts.filter((_, i) => i % 2 === own).map(({ offset }) => offset)
    expect(offsets).toEqual(offsets.toSorted((x, y) => x - y))
  }
  expect(new Set(await ids(laid)).size).toBe(48)
  await Promise.all([a.close(), b.close()])
})

test('a strict append behind a relaxed one of the same task is held strictly (L5)', async () => {
  const laid = layOut(31)
  const log = await openIndexedDbLog({
    ...laid.world,
    name: laid.name,
    factory: laid.factory,
    keyRange: IDBKeyRange,
    strictHonoured: true,
  })
  const appends = [log.append([note('a')]), log.append([note('b')], { durability: 'strict' })]
  expect((await Promise.all(appends)).map(({ held }) => held)).toEqual(['durable', 'durable'])
  expect((await log.append([note('c')], { durability: 'strict' })).held).toBe('durable')
  await log.close()
})

test('a refused draft leaves nothing open behind it', async () => {
  const log = await layOut(32).open()
  await log.append([note('a')])
  await expect(log.append([{ type: 'unheard', version: 1, data: 1 }])).rejects.toMatchObject({
    code: 'EVENT_UNKNOWN',
  })
  await expect(log.append([note('b')])).resolves.toMatchObject({ offset: 2 })
  await log.close()
})

test('more than 64 MiB of waiting appends are refused by name, the others are stored', async () => {
  const laid = layOut(33)
  const log = await laid.open()
  const { events, random } = laid.world
  const packed = packDrafts([large('a'), large('b'), large('c'), large('d')], events, random)
  const count = Math.floor(67_108_864 / (packed.head.length + packed.bodies.length)) + 2
  const outcomes = await Promise.allSettled(
    Array.from({ length: count }, () => log.append({ ...packed, commitId: drawId(random) })),
  )
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  expect(refused).toMatchObject([{ reason: { code: 'QUEUE_FULL' } }, { reason: { code: 'QUEUE_FULL' } }])
  expect(log.head).toBe((count - 2) * 4)
  await expect(log.append([note('there is room again')])).resolves.toMatchObject({ count: 1 })
  await log.close()
}, 30_000)

test('a read without an answer is asked again on a fresh handle, then ends by name (D4)', async () => {
  const faulty = createFaultyFactory()
  const laid = layOut(34, faulty.factory)
  const writer = await laid.open()
  await writer.append([note('a')])
  await writer.close()
  const log = await laid.open()
  faulty.loseReads(1)
  expect((await log.read(ORIGIN)).events).toHaveLength(1)
  const again = await laid.open()
  faulty.loseReads(2)
  await expect(again.read(ORIGIN)).rejects.toMatchObject({ code: 'STORAGE_LOST' })
  expect((await again.read(ORIGIN)).events).toHaveLength(1)
  await Promise.all([log.close(), again.close()])
})

test('who waits for a silent handle is answered by another as soon as one deadline has passed (D4)', async () => {
  const faulty = createFaultyFactory()
  const laid = layOut(37, faulty.factory)
  const writer = await laid.open()
  await writer.append([note('a')])
  await writer.close()
  const deadlines: (() => void)[] = []
  const { scheduler, ...world } = createWorld(37)
  const byHand: Scheduler = {
    ...scheduler,
    after: (_delayMs, run) => {
      deadlines.push(run)
      return () => undefined
    },
  }
  const { name, factory } = laid
  const log = await openIndexedDbLog({ ...world, name, factory, keyRange: IDBKeyRange, scheduler: byHand })
  const opened = faulty.opened()
  deadlines.length = 0
  faulty.loseReads(3)
  const asked = [log.read(ORIGIN), log.vector(), log.size()] as const
  await vi.waitUntil(() => deadlines.length === 3)
  deadlines[0]!()
  const [{ events }, vector, { records }] = await Promise.all(asked)
  expect([events.length, vector.size, records]).toEqual([1, 1, 1])
  expect(faulty.opened()).toBe(opened + 1)
  await log.close()
})

test('a handle that was closed without a word is replaced by the first call that meets it', async () => {
  const faulty = createFaultyFactory()
  const log = await layOut(35, faulty.factory).open()
  await log.append([note('a')])
  faulty.closeQuietly()
  expect(await Promise.all([log.refresh(), log.refresh(), log.vector()])).toMatchObject([1, 1, {}])
  faulty.closeQuietly()
  await expect(log.append([note('b')])).resolves.toMatchObject({ offset: 2 })
  await log.close()
})

test('nothing is ever written into a log that took the place of the one opened', async () => {
  const laid = layOut(36)
  const log = await laid.open()
  for (const id of ['a', 'b', 'c']) await log.append([note(id)])
  await destroyIndexedDbLog(laid.name, laid.factory)
  const fresh = await laid.open()
  const calls = [log.refresh(), log.append([note('x')]), log.append([note('y')]), log.refresh(), log.vector()]
  for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected')
  await expect(log.append([note('z')])).rejects.toMatchObject({ code: 'STORAGE_LOST' })
  expect(await fresh.refresh()).toBe(0)
  await Promise.all([log.close(), fresh.close()])
})

test('a completion that is lost again and again ends by name (D4)', async () => {
  const faulty = createFaultyFactory()
  const log = await layOut(4, faulty.factory).open()
  faulty.faults.push('abort', 'abort', 'abort')
  await expect(log.append([note('a')])).rejects.toMatchObject({ code: 'STORAGE_LOST' })
  await expect(log.append([note('b')])).resolves.toMatchObject({ offset: 1 })
  await log.close()
})

test('a full disk refuses by name, reading goes on, and appending does when there is room (L5)', async () => {
  const faulty = createFaultyFactory()
  const log = await layOut(5, faulty.factory).open()
  await log.append([note('a')])
  faulty.faults.push('quota')
  await expect(log.append([note('b')])).rejects.toMatchObject({ code: 'STORAGE_FULL' })
  expect(log.readOnly).toMatchObject({ code: 'STORAGE_FULL' })
  expect(await readAll(log)).toHaveLength(1)
  await expect(log.append([note('c')])).resolves.toMatchObject({ offset: 2, firstSequence: 2 })
  expect(log.readOnly).toBeUndefined()
  await log.close()
})

test('a handle that the browser closes is opened again', async () => {
  const faulty = createFaultyFactory()
  const log = await layOut(6, faulty.factory).open()
  await log.append([note('a')])
  faulty.closeAll()
  expect(await log.refresh()).toBe(1)
  faulty.closeAll()
  await expect(log.append([note('b')])).resolves.toMatchObject({ offset: 2 })
  expect(faulty.opened()).toBe(3)
  await log.close()
})

test('a log that is destroyed while open is not silently made anew', async () => {
  const laid = layOut(7)
  const log = await laid.open()
  await log.append([note('a')])
  await destroyIndexedDbLog(laid.name, laid.factory)
  await expect(log.append([note('b')])).rejects.toMatchObject({ code: 'STORAGE_LOST' })
  await expect(log.refresh()).rejects.toMatchObject({ code: 'STORAGE_LOST' })
  const fresh = await laid.open()
  expect([fresh.head, fresh.id === log.id]).toEqual([0, false])
  await expect(log.refresh()).rejects.toMatchObject({ code: 'STORAGE_LOST' })
  await Promise.all([log.close(), fresh.close()])
})

test('a database of a newer format is refused by name and not touched', async () => {
  const laid = layOut(8)
  await (await laid.open()).close()
  await laid.putMeta('identity', { format: 2, id: 'x', extra: true })
  await expect(laid.open()).rejects.toMatchObject({ code: 'FORMAT_NEWER' })
  expect(await laid.meta('identity')).toEqual({ format: 2, id: 'x', extra: true })
  const newer = await new Promise<IDBDatabase>((resolve) => {
    const request = laid.factory.open(laid.name, 7)
    request.addEventListener('success', () => resolve(request.result))
  })
  newer.close()
  await expect(laid.open()).rejects.toMatchObject({ code: 'FORMAT_NEWER' })
})

test('an open that never answers ends at its deadline (D4)', async () => {
  const world = createWorld(9)
  const silent = new Proxy(new IDBFactory(), { get: () => () => ({}) })
  const opening = openIndexedDbLog(options(world, silent))
  await expect(opening).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
})

test('an open that another tab blocks is named so at its deadline (D4)', async () => {
  const world = createWorld(10)
  const blocking = new Proxy(new IDBFactory(), {
    get: () => () => {
      const request: { onblocked?: () => void } = {}
      setTimeout(() => request.onblocked?.(), 1)
      return request
    },
  })
  await expect(openIndexedDbLog(options(world, blocking))).rejects.toMatchObject({ code: 'STORAGE_BLOCKED' })
})

test('where there is no IndexedDB, opening says so', async () => {
  vi.stubGlobal('indexedDB', undefined)
  const opening = openIndexedDbLog({ ...createWorld(11), name: 'none' })
  await expect(opening).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  vi.unstubAllGlobals()
})

test('an append aborted while it waits stores nothing, one that is written stays', async () => {
  const log = await layOut(12).open()
  const stop = new AbortController()
  const first = log.append([note('a')])
  const second = log.append([note('b')], { signal: stop.signal })
  stop.abort('no longer wanted')
  const outcomes = await Promise.allSettled([first, second])
  expect(outcomes).toMatchObject([
    { value: { offset: 1 } },
    { reason: { code: 'ABORTED', cause: 'no longer wanted' } },
  ])
  expect(await readAll(log)).toHaveLength(1)
  await log.close()
})

test('a retried append finds what the dead worker before it had stored (L5)', async () => {
  const laid = layOut(13)
  const dead = await laid.open()
  const packed = packDrafts([note('a')], laid.world.events, laid.world.random)
  await dead.append([note('before')])
  const receipt = await dead.append(packed)
  const log = await laid.open()
  for (let i = 0; i < 600; i++) void log.append([note(String(i))])
  await log.append([note('last')])
  await log.pack()
  expect(await log.append(packed, { retriedSince: 1 as typeof ORIGIN })).toEqual(receipt)
  expect(log.head).toBe(603)
  await Promise.all([log.close(), dead.close()])
})

test('a thousand appends that are tried again look through the log once (L5)', async () => {
  const laid = layOut(14)
  const dead = await laid.open()
  const packed = Array.from({ length: 1_000 }, (_, i) =>
    packDrafts([note(String(i))], laid.world.events, laid.world.random),
  )
  await Promise.all(packed.slice(0, 500).map((each) => dead.append(each)))
  const log = await laid.open()
  const lists = vi.spyOn(IDBObjectStore.prototype, 'getAllKeys')
  const receipts = await Promise.all(packed.map((each) => log.append(each, { retriedSince: ORIGIN })))
  expect(lists.mock.calls.length).toBeLessThan(20)
  lists.mockRestore()
  expect(receipts.map(({ offset }) => offset)).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1))
  await Promise.all([log.close(), dead.close()])
})

/** Four of them make about 1 MiB, so that each commit of three goes in a transaction of its own. */
function large(id: string): Draft {
  return Noted({ id, text: 'x'.repeat(250_000) })
}

function options(world: World, factory: IDBFactory): Parameters<typeof openIndexedDbLog>[0] {
  return { ...world, name: 'faulty', factory, keyRange: IDBKeyRange, openDeadlineMs: 20 }
}

async function ids(laid: ReturnType<typeof layOut>): Promise<string[]> {
  const log = await laid.open()
  const events = await readAll(log)
  await log.close()
  return events.map(({ data }) => (data as { id: string }).id)
}
