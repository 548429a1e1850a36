// `db.at`: tables and aggregates as they stood at a moment, beside the live views, in process and over IndexedDB.
import { defineDatabase, defineEvent, type Receipt, table } from 'headwater'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import { Closed, closeAll, Deleted, drawName, type Issue, Opened, open, openings, tracker } from './world.ts'

afterEach(closeAll)

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

describe.each(['memory', 'indexeddb'] as const)('the past of a database in %s', (storage) => {
  test('a moment holds the commits up to it, whole ones only, and stays so (L1)', async () => {
    const db = await open(tracker, { storage })
    await db.append(openings(10))
    await db.append([Closed({ id: 'i3' }), Deleted({ id: 'i4' })])
    await db.append(openings(5, 100))
    await using(await db.at(11), async ({ offset, views }) => {
      expect(offset).toBe(10)
      expect(await views.issues.count()).toBe(10)
    })
    const at = await db.at(16)
    expect(at.offset).toBe(12)
    const atLeast = await db.append(Deleted({ id: 'i1' }))
    const { issues, points } = at.views
    expect(await issues.count()).toBe(9)
    expect(await issues.get('i1')).toMatchObject({ id: 'i1' })
    expect(await points.get('closed')).toEqual({ issues: 1, points: 3 })
    expect((await issues.history('i4')).map(({ type }) => type)).toEqual(['issue.opened', 'issue.deleted'])
    expect((await issues.range('byStatus', { prefix: ['closed'] })).map(({ id }) => id)).toEqual(['i3'])
    expect(await db.views.issues.count('key', { atLeast })).toBe(13)
    await at.close()
    await at.close()
    await expect(issues.count()).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('a date is the last moment before anything stamped later; the origin is empty', async () => {
    const db = await open(tracker, { storage })
    const before = Date.now() - 1
    const receipts: Receipt[] = []
    for (const id of ['a', 'b', 'c']) {
      receipts.push(await db.append(Opened({ id, title: id, points: 1 })))
      await tick()
    }
    const times = receipts.map(({ timestamp }) => Math.floor(timestamp / 1_024))
    for (const [i, time] of times.entries()) {
      await using(await db.at(new Date(time)), async (at) => {
        expect([at.offset, at.time]).toEqual([i + 1, time])
        expect(await at.views.issues.count()).toBe(i + 1)
      })
      await using(await db.at(new Date(time - 1)), async ({ offset }) => expect(offset).toBe(i))
    }
    for (const moment of [0, new Date(before), new Date(0)])
      await using(await db.at(moment), async (at) => {
        expect([at.offset, at.time, await at.views.issues.count()]).toEqual([0, 0, 0])
      })
    await using(await db.at(new Date(8.64e15)), async ({ offset }) => expect(offset).toBe(3))
  })

  test('what is no moment of the log is refused by name', async () => {
    const db = await open(tracker, { storage })
    await db.append(openings(2))
    for (const moment of [3, -1, 0.5, Number.NaN, new Date(Number.NaN)])
      await expect(db.at(moment)).rejects.toMatchObject({ code: 'QUERY_INVALID' })
  })
})

test('queries of a moment are told to subscribers once, beside the live ones and apart from them (D3)', async () => {
  const db = await open(tracker)
  await db.append(openings(3))
  const at = await db.at(3)
  const again = await db.at(3)
  const query = at.views.issues.count()
  expect(query.key).toBe(at.views.issues.count().key)
  expect(query.key).not.toBe(db.views.issues.count().key)
  expect(query.key).not.toBe(again.views.issues.count().key)
  const told: unknown[] = []
  const stop = query.subscribe(() => told.push(query.state().data))
  await expect.poll(() => query.state()).toMatchObject({ status: 'ready', data: 3 })
  const shown = at.views.issues.count().state()
  const stopOther = at.views.issues.count().subscribe(() => told.push('other'))
  await db.append(openings(3, 10))
  await db.settled()
  expect(query.state()).toBe(shown)
  stopOther()
  await at.close()
  expect(told).toEqual([3, 3])
  expect(query.state()).toMatchObject({ status: 'stale', data: 3, error: { code: 'CLOSED' } })
  const late = at.views.issues.get('i0')
  late.subscribe(() => undefined)
  expect(late.state()).toMatchObject({ status: 'error', error: { code: 'CLOSED' } })
  stop()
  expect(await again.views.issues.count()).toBe(3)
})

test('what a query of a moment cannot be asked is refused by name (D1, D4)', async () => {
  const db = await open(tracker)
  const first = await db.append(openings(2))
  const second = await db.append(openings(1, 5))
  const at = await db.at(2)
  const { issues } = at.views
  expect(await issues.count('key', { atLeast: first })).toBe(2)
  await expect(issues.get('i5', { atLeast: second })).rejects.toMatchObject({ code: 'BEHIND_RECEIPT' })
  await expect(issues.range('key', { limit: -1 })).rejects.toMatchObject({ code: 'QUERY_INVALID' })
  await expect(issues.get('i1', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  const abort = new AbortController()
  const opening = db.at(3, { signal: abort.signal })
  abort.abort()
  await expect(opening).rejects.toMatchObject({ code: 'ABORTED' })
})

test('a tab holds eight moments; one more is refused until one is closed', async () => {
  const db = await open(tracker)
  await db.append(openings(9))
  const held = await Promise.all(Array.from({ length: 8 }, (_, i) => db.at(i + 1)))
  await expect(db.at(1)).rejects.toMatchObject({ code: 'TOO_MANY_OPEN' })
  await held[0]?.close()
  const at = await db.at(9)
  expect(at.offset).toBe(9)
  await db.close()
  await expect(at.views.issues.count()).rejects.toMatchObject({ code: 'CLOSED' })
  await expect(db.at(1)).rejects.toMatchObject({ code: 'CLOSED' })
  await Promise.all([...held, at].map((each) => each.close()))
})

test('two tabs look at the same moments, each from its own, with events of an older version lifted', async () => {
  const name = drawName()
  const old = await open(older, { storage: 'indexeddb', name })
  await old.append([OldOpened({ id: 'i0', title: 'Old' }), OldOpened({ id: 'i1', title: 'Old' })])
  await old.close()
  const one = await open(newer, { storage: 'indexeddb', name })
  const two = await open(newer, { storage: 'indexeddb', name })
  await one.append(NewOpened({ id: 'i1', title: 'New', points: 5 }))
  for (const db of [one, two])
    await using(await db.at(3), async ({ views }) => {
      expect(await views.issues.range('key')).toEqual([
        { id: 'i0', title: 'Old', points: 1 },
        { id: 'i1', title: 'New', points: 5 },
      ])
    })
  await using(await two.at(1), async ({ offset }) => expect(offset).toBe(0))
  await using(await two.at(2), async ({ views }) => {
    expect(await views.issues.get('i1')).toEqual({ id: 'i1', title: 'Old', points: 1 })
  })
})

const OldOpened = defineEvent('opened', {
  schema: v.object({ id: v.string(), title: v.string() }),
  key: (data) => data.id,
})
const NewOpened = defineEvent('opened', {
  version: 2,
  schema: v.object({ id: v.string(), title: v.string(), points: v.number() }),
  key: (data) => data.id,
  upcast: { 1: (data) => ({ ...data, points: 1 }) },
})
const older = defineDatabase({ name: 'lifted', events: [OldOpened], views: {} })
const newer = defineDatabase({
  name: 'lifted',
  events: [NewOpened],
  views: { issues: table<Omit<Issue, 'status'>>('issues').on(NewOpened, (_row, { data }) => data) },
})

async function using<At extends { close(): Promise<void> }>(
  at: At,
  act: (at: At) => Promise<void>,
): Promise<void> {
  await act(at)
  await at.close()
}
