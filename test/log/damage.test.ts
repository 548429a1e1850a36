// Damaged, cut and newer records: each is named with its offset, the rest stays readable, and nothing is folded past it
// or written over it.

import { HeadwaterError, type Log, type Offset, ORIGIN, type StoredEvent } from '@headwater/log'
import { expect, test } from 'vitest'
import { commitOf, FOREIGN, note, readAll } from '../contract/log.contract.ts'
import { damaged, type Laid, layOut } from './stored.ts'

test('a damaged record is named with its offset, and the rest stays readable', async () => {
  const { laid, log } = await threeRecords(1)
  await laid.put(3, damaged(await laid.get(3)))
  const again = await laid.open()
  expect((await again.read(ORIGIN)).through).toBe(2)
  const facts = { offset: 3, throughOffset: 4, why: 'its checksum is wrong' }
  await expect(again.read(2 as Offset)).rejects.toMatchObject({ code: 'RECORD_DAMAGED', facts })
  await expect(again.read(3 as Offset)).rejects.toMatchObject({ code: 'RECORD_DAMAGED', facts })
  await expect(again.readCommits(2 as Offset)).rejects.toMatchObject({ code: 'RECORD_DAMAGED' })
  expect((await again.read(4 as Offset)).events.map(({ offset }) => offset)).toEqual([5, 6])
  await Promise.all([log.close(), again.close()])
})

test('every cut and every changed byte of a record is detected', async () => {
  const { laid, log } = await threeRecords(2)
  const whole = await laid.get(3)
  for (const length of [0, 1, 47, 48, whole.length - 1]) await expectNamed(laid, whole.slice(0, length))
  for (let at = 0; at < whole.length; at += 29) await expectNamed(laid, damaged(whole, at))
  await expectNamed(laid, 'no bytes at all')
  await expectNamed(laid, new Uint8Array([...whole, 0]))
  await expectNamed(laid, await laid.get(5)) // a whole record under a key that is not its own
  await log.close()
})

test('behind a damaged newest record the log goes on under a new replica id, and gives no offset twice', async () => {
  const { laid, log } = await threeRecords(3)
  await log.close()
  await laid.put(5, damaged(await laid.get(5)))
  const again = await laid.open()
  const { replica } = again
  const receipt = await again.append([note('x')])
  expect([receipt.offset, receipt.firstSequence]).toEqual([5 + 4_096, 1])
  expect([again.replica === replica, again.replica === receipt.replica]).toEqual([false, true])
  await expect(again.read(4 as Offset)).rejects.toMatchObject({ facts: { offset: 5, throughOffset: 4_100 } })
  expect((await again.read(4_100 as Offset)).events).toHaveLength(1)
  expect((await again.append([note('y')])).firstSequence).toBe(2)
  expect((await again.vector()).toJSON()).toEqual({ [replica]: 4, [receipt.replica]: 2 })
  await again.close()
})

test('two handles on a log whose newest record is damaged go on as one (L6)', async () => {
  const { laid, log } = await threeRecords(4)
  await laid.put(5, damaged(await laid.get(5)))
  const [a, b] = [await laid.open(), await laid.open()]
  const receipts = await Promise.all([a.append([note('a')]), b.append([note('b')]), log.append([note('c')])])
  const offsets = receipts.map(({ offset }) => offset)
  expect(new Set(offsets).size).toBe(3)
  expect(new Set(receipts.slice(0, 2).map(({ replica }) => replica)).size).toBe(1)
  expect(new Set(receipts.map(({ replica, firstSequence }) => `${replica}/${firstSequence}`)).size).toBe(3)
  await Promise.all([a.close(), b.close(), log.close()])
})

test('a record of a newer format is refused by name, without touching it', async () => {
  const { laid, log } = await threeRecords(5)
  const newer = (await laid.get(5)).slice()
  newer[2] = 2
  await laid.put(5, newer)
  await log.close()
  await expect(laid.open()).rejects.toMatchObject({ code: 'FORMAT_NEWER', facts: { offset: 5, version: 2 } })
  expect(await laid.get(5)).toEqual(newer)
})

test('a newer record that another tab wrote stops appends and reads there by name', async () => {
  const { laid, log } = await threeRecords(6)
  const newer = (await laid.get(5)).slice()
  newer[2] = 2
  await laid.put(7, newer)
  await expect(log.append([note('x')])).rejects.toMatchObject({ code: 'FORMAT_NEWER' })
  expect(log.readOnly).toMatchObject({ code: 'FORMAT_NEWER' })
  log.hint(8 as Offset)
  expect(await readUpTo(log)).toHaveLength(6)
  await expect(log.read(6 as Offset)).rejects.toMatchObject({ code: 'FORMAT_NEWER' })
  expect(await laid.keys()).toEqual([1, 3, 5, 7])
  await log.close()
})

test('a foreign commit in a damaged record counts as held and is stored no second time (L3)', async () => {
  const laid = layOut(7)
  const log = await laid.open()
  const commits = [commitOf([note('a')]), commitOf([note('b')], { firstSequence: 2, at: 1 })]
  await log.merge(commits.slice(0, 1))
  await log.merge(commits.slice(1))
  await laid.put(1, damaged(await laid.get(1)))
  const again = await laid.open()
  expect(await again.merge(commits)).toEqual({ merged: 0, duplicates: 2, voided: 0, head: 2 })
  expect((await again.vector()).get(FOREIGN)).toBe(2)
  await Promise.all([log.close(), again.close()])
})

test('a foreign commit that was lost with the newest record is taken again, by a handle that had merged it (L3)', async () => {
  const laid = layOut(9)
  const log = await laid.open()
  const commits = [0, 1, 2].map((k) => commitOf([note(`${k}`)], { firstSequence: k + 1, at: k }))
  for (const commit of commits) await log.merge([commit])
  await laid.put(3, damaged(await laid.get(3)))
  const other = await laid.open()
  await other.append([note('own')]) // its stamp is later than all foreign ones
  expect(await log.merge(commits)).toMatchObject({ merged: 1, duplicates: 2 })
  expect((await log.vector()).get(FOREIGN)).toBe(3)
  await Promise.all([log.close(), other.close()])
})

test('with a damaged segment in the middle and a damaged newest record the rest is read, packed and written behind', async () => {
  const laid = layOut(10)
  const log = await laid.open()
  for (let i = 0; i < 1_600; i++) await log.append([note(String(i))])
  await log.pack()
  for (let i = 0; i < 200; i++) await log.append([note(`late ${i}`)])
  await log.close()
  await laid.put(501, damaged(await laid.get(501)))
  await laid.put(1_800, damaged(await laid.get(1_800)))
  const again = await laid.open()
  expect((await again.read(ORIGIN, { maxEvents: 9_999 })).through).toBe(500)
  await expect(again.readAt([700 as Offset])).rejects.toMatchObject({
    facts: { offset: 501, throughOffset: 1_000 },
  })
  const receipt = await again.append([note('new')])
  expect([receipt.offset, receipt.firstSequence]).toEqual([1_800 + 4_096, 1])
  await again.pack()
  const third = await laid.open()
  const found = await third.readAt([500, 1_001, 1_799, 5_896].map((offset) => offset as Offset))
  expect(found.map(({ offset }) => offset)).toEqual([500, 1_001, 1_799, 5_896])
  expect((await third.read(1_000 as Offset, { maxEvents: 9_999 })).through).toBe(1_799)
  await expect(third.read(1_799 as Offset)).rejects.toMatchObject({ facts: { throughOffset: 5_895 } })
  expect((await third.append([note('newer')])).firstSequence).toBe(2)
  await Promise.all([again.close(), third.close()])
})

test('packing goes around a damaged record', async () => {
  const laid = layOut(8)
  const log = await laid.open()
  for (let i = 0; i < 200; i++) await log.append([note(String(i))])
  const bytes = damaged(await laid.get(100))
  await laid.put(100, bytes)
  await log.pack()
  expect(await laid.keys()).toEqual([1, 100, 101, 200])
  expect(await laid.get(100)).toEqual(bytes)
  const again = await laid.open()
  expect((await again.read(ORIGIN)).through).toBe(99)
  expect((await again.read(100 as Offset)).events).toHaveLength(100)
  await Promise.all([log.close(), again.close()])
})

async function threeRecords(seed: number): Promise<{ laid: Laid; log: Log }> {
  const laid = layOut(seed)
  const log = await laid.open()
  for (const id of ['a', 'b', 'c']) await log.append([note(`${id}1`), note(`${id}2`)])
  return { laid, log }
}

async function expectNamed(laid: Laid, value: unknown): Promise<void> {
  const before = await laid.get(3)
  await laid.put(3, value)
  const log = await laid.open()
  expect((await log.read(ORIGIN)).through).toBe(2)
  const error: unknown = await log.read(2 as Offset).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(HeadwaterError)
  expect((error as HeadwaterError).code).toMatch(/^(RECORD_DAMAGED|FORMAT_NEWER)$/)
  expect(await readUpTo(log, 4 as Offset)).toHaveLength(2)
  await log.close()
  await laid.put(3, before)
}

async function readUpTo(log: Log, from: Offset = ORIGIN): Promise<StoredEvent[]> {
  if (from === ORIGIN && log.head <= 6) return readAll(log)
  return [...(await log.read(from)).events]
}
