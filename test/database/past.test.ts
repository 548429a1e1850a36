// `db.at`: tables and aggregates as they stood at a moment, beside the live views, in process and over IndexedDB.
import 'fake-indexeddb/auto'
import type { Receipt } from 'headwater'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Closed, closeAll, Deleted, Opened, open, openings, tracker } from './world.ts'

// Machines that run many tests at once are slow.
vi.setConfig({ testTimeout: 30_000 })
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
    await db.append(Deleted({ id: 'i1' }))
    const { issues, points } = at.views
    expect(await issues.count()).toBe(9)
    expect(await issues.get('i1')).toMatchObject({ id: 'i1' })
    expect(await points.get('closed')).toEqual({ issues: 1, points: 3 })
    expect((await issues.history('i4')).map(({ type }) => type)).toEqual(['issue.opened', 'issue.deleted'])
    expect((await issues.range('byStatus', { prefix: ['closed'] })).map(({ id }) => id)).toEqual(['i3'])
    expect(await db.views.issues.count()).toBe(13)
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

async function using<At extends { close(): Promise<void> }>(
  at: At,
  act: (at: At) => Promise<void>,
): Promise<void> {
  await act(at)
  await at.close()
}
