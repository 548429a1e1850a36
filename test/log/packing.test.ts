// Packing while others append and read, interrupted half-way, and over a version vector that is not small: L7 throughout.

import { type Log, type Offset, ORIGIN, packDrafts, type ReplicaId, type Sequence } from '@headwater/log'
import { IDBCursor } from 'fake-indexeddb'
import { expect, test, vi } from 'vitest'
import { commitOf, note, readAll } from '../contract/log.contract.ts'
import { damaged, type Laid, layOut } from './stored.ts'

test('small records become segments, and the newest record stays (L7)', async () => {
  const { laid, log } = await filled(1, 1_203)
  const before = await readAll(log)
  const { recordsPacked } = await log.pack()
  expect(recordsPacked).toBe(1_202)
  expect(await laid.keys()).toEqual([1, 501, 1_001, 1_203])
  expect(await log.pack()).toEqual({ recordsPacked: 0 })
  const again = await laid.open()
  expect(await readAll(again)).toEqual(before)
  await Promise.all([log.close(), again.close()])
})

test('a marker of what was voided joins no segment, and nothing of either side is lost (L1, L7)', async () => {
  const { laid, log } = await filled(12, 300)
  await log.reissue({ replica: log.replica, after: 290 as Sequence })
  for (let i = 0; i < 300; i++) await log.append([note(`later ${i}`)])
  const before = await readAll(log)
  expect((await log.pack()).recordsPacked).toBeGreaterThan(500)
  const again = await laid.open()
  expect(await readAll(again)).toEqual(before)
  expect((await again.vector()).toJSON()).toEqual((await log.vector()).toJSON())
  await Promise.all([log.close(), again.close()])
})

test('few small records are left alone', async () => {
  const { laid, log } = await filled(2, 40)
  expect(await log.pack()).toEqual({ recordsPacked: 0 })
  expect(await laid.keys()).toHaveLength(40)
  await log.close()
})

test('a packing that was interrupted after its put changes no answer, and is finished later (L7)', async () => {
  const { laid, log } = await filled(3, 800)
  const before = await readAll(log)
  const small = new Map<number, Uint8Array>()
  for (const key of await laid.keys()) small.set(key, await laid.get(key))
  await log.pack()
  const packed = await laid.keys()
  for (const [key, bytes] of small) if (!packed.includes(key)) await laid.put(key, bytes)
  await laid.putMeta('packed', 0)
  const again = await laid.open()
  expect(await readAll(again, 37)).toEqual(before)
  expect(await readAll(again, 2_000)).toEqual(before)
  for (const offset of [1, 2, 250, 499, 500, 501, 700]) {
    expect((await again.read(offset as Offset, { maxEvents: 1 })).events).toEqual([before[offset]])
    expect(await again.readAt([offset as Offset])).toEqual([before[offset - 1]])
  }
  expect((await again.append([note('next')])).offset).toBe(801)
  await again.pack()
  expect(await laid.keys()).toEqual([1, 501, 801])
  expect((await readAll(again)).slice(0, 800)).toEqual(before)
  await Promise.all([log.close(), again.close()])
})

test('a damaged remainder of an interrupted packing is cleared away with the others (L7)', async () => {
  const { laid, log } = await filled(9, 1_300)
  const before = await readAll(log)
  const small = new Map<number, Uint8Array>()
  for (const key of await laid.keys()) small.set(key, await laid.get(key))
  await log.pack()
  for (const key of [100, 101, 102]) await laid.put(key, small.get(key))
  await laid.put(101, damaged(small.get(101)!))
  await laid.putMeta('packed', 0)
  const again = await laid.open()
  expect(await readAll(again, 60)).toEqual(before)
  await again.pack()
  expect(await laid.keys()).toEqual([1, 501, 1_001, 1_300])
  expect(await readAll(await laid.open())).toEqual(before)
  await Promise.all([log.close(), again.close()])
})

test('records of 4,096 events beside records of one are packed around and read across (L2, L7)', async () => {
  const laid = layOut(10)
  const log = await laid.open()
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 90; i++) await log.append([note(`${round}.${i}`)])
    await log.append(Array.from({ length: 4_096 }, (_, i) => note(`${round}+${i}`)))
  }
  const before = await readAll(log, 2_000)
  const reader = await laid.open()
  const half = await reader.read(ORIGIN, { maxEvents: 4_100 })
  await log.pack()
  await log.append([note('last')])
  await log.pack()
  expect((await laid.keys()).length).toBeLessThan(9)
  expect((await reader.read(half.through, { maxEvents: 9_999 })).events[0]).toEqual(before[half.through])
  const again = await laid.open()
  expect((await readAll(again, 1_777)).slice(0, -1)).toEqual(before)
  const offsets = [1, 90, 91, 4_186, 4_187, 8_372, 12_558].map((offset) => offset as Offset)
  expect(await again.readAt(offsets)).toEqual(offsets.map((offset) => before[offset - 1]))
  await Promise.all([log.close(), reader.close(), again.close()])
})

test('a look behind the newest record takes one step, however many small ones lie before it', async () => {
  const { laid, log } = await filled(11, 300)
  const steps = vi.spyOn(IDBCursor.prototype, 'continue')
  const packed = packDrafts([note('x')], laid.world.events, laid.world.random)
  await log.append(packed, { retriedSince: log.head })
  expect(steps).not.toHaveBeenCalled()
  steps.mockRestore()
  await log.close()
})

test('a stale handle that appends while another packs gives no offset twice (L2, L6, L7)', async () => {
  const { laid, log } = await filled(4, 300)
  const stale = await laid.open()
  for (let i = 0; i < 300; i++) await log.append([note(`more ${i}`)])
  const packing = log.pack()
  const receipts = await Promise.all(Array.from({ length: 20 }, (_, i) => stale.append([note(`stale ${i}`)])))
  await packing
  expect(receipts.map(({ offset }) => offset)).toEqual(Array.from({ length: 20 }, (_, i) => 601 + i))
  const again = await laid.open()
  const events = await readAll(again)
  expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 620 }, (_, i) => i + 1))
  await Promise.all([log.close(), stale.close(), again.close()])
})

test('two handles that pack at once leave one history (L6, L7)', async () => {
  const { laid, log } = await filled(5, 1_100)
  const other = await laid.open()
  const before = await readAll(log)
  await Promise.all([log.pack(), other.pack(), other.append([note('meanwhile')])])
  const again = await laid.open()
  expect((await readAll(again)).slice(0, 1_100)).toEqual(before)
  expect(again.head).toBe(1_101)
  await Promise.all([log.close(), other.close(), again.close()])
})

test('a reader in the middle of what is being packed misses nothing (L2, L7)', async () => {
  const { laid, log } = await filled(6, 1_500)
  const reader = await laid.open()
  const seen: number[] = []
  let after = ORIGIN
  for (let round = 0; ; round++) {
    if (round === 3) await log.pack()
    const batch = await reader.read(after, { maxEvents: 70 })
    if (batch.through === after) break
    seen.push(...batch.events.map(({ offset }) => offset))
    after = batch.through
  }
  expect(seen).toEqual(Array.from({ length: 1_500 }, (_, i) => i + 1))
  await Promise.all([log.close(), reader.close()])
})

test('a vector of many replicas is found again, before and after packing (L3)', async () => {
  const laid = layOut(7)
  const log = await laid.open()
  const expected: Record<string, number> = {}
  for (let i = 0; i < 300; i++) {
    const replica = `Replica-${String(i % 40).padStart(8, '0')}` as ReplicaId
    const firstSequence = (expected[replica] ?? 0) + 1
    expected[replica] = firstSequence
    await log.merge([commitOf([note(String(i))], { replica, firstSequence, at: i })])
  }
  for (const isPacked of [false, true]) {
    if (isPacked) await log.pack()
    const again = await laid.open()
    expect((await again.vector()).toJSON()).toEqual(expected)
    await again.close()
  }
  await log.close()
})

test('packing stops at its signal', async () => {
  const { log } = await filled(8, 600)
  await expect(log.pack(AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' })
  expect((await log.pack()).recordsPacked).toBe(599)
  await log.close()
})

async function filled(seed: number, count: number): Promise<{ laid: Laid; log: Log }> {
  const laid = layOut(seed)
  const log = await laid.open()
  for (let i = 0; i < count; i++) await log.append([note(String(i))])
  return { laid, log }
}
