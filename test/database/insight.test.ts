// Looking inside an open database: a view paused by hand, the log by conditions, from a number to the events behind it and back,
// what is stored. All of it over the engine in process, as an app has it.

import type { Offset } from '@headwater/log'
import {
  aggregate,
  count,
  defineDatabase,
  defineEvent,
  type HistoryEntry,
  type ReadLogOptions,
  table,
} from 'headwater'
import { documents } from 'headwater/documents'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import {
  Closed,
  closeAll,
  Deleted,
  drawName,
  Noted,
  Opened,
  open,
  openings,
  refusalOf,
  type Tracker,
  tracker,
} from './world.ts'

afterEach(closeAll)

const offsetsOf = (entries: readonly HistoryEntry[]): readonly number[] => entries.map(({ offset }) => offset)

async function partsOf(db: Tracker): Promise<string[]> {
  const parts: string[] = []
  const reader = db.exportEvents().getReader()
  for (let run = await reader.read(); !run.done; run = await reader.read()) parts.push(run.value)
  return parts
}

describe('pausing', () => {
  test('a live query on a paused view is stale and stands, its siblings go on; resumed it is ready again (D3, D4)', async () => {
    const db = await open(tracker)
    const atLeast = await db.append(openings(3))
    const query = db.views.points.get('open')
    query.subscribe(() => undefined)
    await expect.poll(() => query.state().data?.issues).toBe(3)
    await db.views.issues.count('key', { atLeast })
    await db.pause('issues')
    await expect.poll(() => query.state().status).toBe('stale')
    const receipt = await db.append(openings(2, 10))
    await db.settled()
    expect(await db.views.issues.count()).toBe(3)
    expect(query.state()).toMatchObject({ status: 'stale', data: { issues: 3 }, error: undefined })
    expect(await refusalOf(db.views.points.get('open', { atLeast: receipt, deadlineMs: 30 }))).toMatchObject({
      code: 'BEHIND_RECEIPT',
    })
    const states = () => db.status.get().views.map(({ state }) => state)
    await expect.poll(states).toEqual(['paused', 'paused'])
    await db.resume('points')
    await expect.poll(() => query.state()).toMatchObject({ status: 'ready', data: { issues: 5 } })
  })
})

describe('the log by conditions', () => {
  test('newest first or oldest first, by pages that are one another turned round', async () => {
    const db = await open(tracker)
    await db.append(openings(250))
    const all = (await db.readLog({ limit: 1_000 })).entries
    expect(offsetsOf(all)).toEqual(Array.from({ length: 250 }, (_, at) => at + 1))
    expect(all[0]).toMatchObject({ type: 'issue.opened', sequence: 1, data: { id: 'i0' }, keys: ['i0'] })
    const down: HistoryEntry[] = []
    let before: Offset | undefined
    do {
      const { entries, next } = await db.readLog({ newestFirst: true, ...(before ? { before } : {}) })
      down.push(...entries)
      before = next
    } while (before !== undefined)
    expect(down).toEqual(all.toReversed())
    const first = await db.readLog()
    expect(first.entries).toHaveLength(100)
    expect((await db.readLog({ after: first.next ?? (0 as Offset), limit: 1_000 })).entries).toHaveLength(150)
  })

  test('conditions are all to be met; an abort and a limit of nothing end it', async () => {
    const db = await open(tracker)
    await db.append(openings(20))
    await db.append([Closed({ id: 'i3' }), Deleted({ id: 'i4' }), Noted('x')])
    await db.append(Closed({ id: 'i5' }))
    const of = async (options: ReadLogOptions): Promise<readonly number[]> =>
      offsetsOf((await db.readLog(options)).entries)
    expect(await of({ types: ['issue.closed'] })).toEqual([21, 24])
    expect(await of({ types: ['issue.closed'], key: 'i5', newestFirst: true })).toEqual([24])
    expect(await of({ key: 'i3' })).toEqual([4, 21])
    expect(await of({ key: 'i3', after: 4 as Offset })).toEqual([21])
    expect(await of({ key: 'i3', before: 21 as Offset })).toEqual([4])
    expect(await of({ key: 'nobody' })).toEqual([])
    const { replica } = db.status.get().log
    expect(await of({ replica, types: ['note'] })).toEqual([23])
    expect(await of({ replica: 'somebody else' })).toEqual([])
    const { time } = (await db.readLog({ after: 23 as Offset })).entries[0]!
    expect((await of({ since: time })).at(-1)).toBe(24)
    expect(await of({ since: time + 1 })).toEqual([])
    expect(await of({ until: 0 })).toEqual([])
    expect(await db.readLog({ limit: 0 })).toEqual({ entries: [], next: undefined })
    expect(await refusalOf(db.readLog({ signal: AbortSignal.abort() }))).toMatchObject({ code: 'ABORTED' })
  })
})

describe('where a number comes from', () => {
  const Moved = defineEvent('moved', { schema: v.object({ from: v.string(), to: v.string() }) })
  const Told = defineEvent('told', {
    schema: v.object({ id: v.string(), about: v.string() }),
    key: ({ id }) => id,
  })
  const places = table<{ readonly visits: number }>('place')
    .on(Moved, (row) => ({ visits: (row?.visits ?? 0) + 1 }), { key: ({ from, to }) => [from, to] })
    .on(Told, (row) => row, { key: ({ about }) => about })
  const tales = table<{ readonly about: string }>('tales').on(Told, (_row, { data }) => data)
  const pads = documents('pads')
  const atlas = defineDatabase({ name: 'atlas', events: [Moved, Told], views: { places, tales, pads } })

  test('an event tells the rows and documents that it touched, by the property of their view, and all its keys', async () => {
    const db = await open(atlas)
    await db.append(Moved({ from: 'a', to: 'b' }))
    const told = await db.append(Told({ id: 't1', about: 'a' }))
    expect(await db.touched(1 as Offset)).toEqual([
      { view: 'places', key: 'a' },
      { view: 'places', key: 'b' },
    ])
    expect(await db.touched(told.offset)).toEqual([
      { view: 'places', key: 'a' },
      { view: 'tales', key: 't1' },
    ])
    for (const offset of [0, 3, -1, 1.5, Number.NaN]) expect(await db.touched(offset as Offset)).toEqual([])
    const note = await db.views.pads.open('n1')
    note.doc.getText('body').insert(0, 'hello')
    const written = await note.flush()
    expect(await db.touched(written?.offset ?? (0 as Offset))).toEqual([{ view: 'pads', key: 'n1' }])
    const { entries } = await db.readLog()
    expect(entries.map(({ keys }) => keys)).toEqual([['a', 'b'], ['t1', 'a'], ['n1']])
    expect(offsetsOf((await db.readLog({ key: 'a' })).entries)).toEqual([1, 2])
    const history = await db.views.places.history('a', { atLeast: told })
    expect(history).toEqual(entries.slice(0, 2))
    await note.close()
  })

  const counted = async (db: Tracker, group: 'open' | 'closed') => {
    const [rows, made] = [await db.views.points.rows(group), await db.views.points.get(group)]
    expect(rows.total).toBe(made?.issues ?? 0)
    expect(rows.entries.reduce((sum, { row }) => sum + row.points, 0)).toBe(made?.points ?? 0)
    return rows
  }

  test('the rows of a group make up its measures, and their histories lead to the events (V7)', async () => {
    const db = await open(tracker)
    await db.append(openings(40))
    const atLeast = await db.append([Closed({ id: 'i7' }), Closed({ id: 'i9' }), Deleted({ id: 'i9' })])
    await db.settled({ atLeast })
    expect((await counted(db, 'closed')).entries).toMatchObject([{ key: 'i7', row: { points: 2 } }])
    expect((await counted(db, 'open')).entries).toHaveLength(38)
    const some = await db.views.points.rows('open', { limit: 3 })
    expect(some.entries.map(({ key }) => key)).toEqual(['i0', 'i1', 'i10'])
    expect(some.total).toBe(38)
    expect((await db.views.issues.history('i7')).map(({ type }) => type)).toEqual([
      'issue.opened',
      'issue.closed',
    ])
    expect(await db.views.points.rows('nobody' as 'open')).toEqual({ entries: [], total: 0 })
    expect(await refusalOf(db.views.points.rows('open', { limit: -1 }))).toMatchObject({
      code: 'QUERY_INVALID',
    })
  })

  test('live, it is told of every change of its rows, also of one that no measure shows, and of no other (D3)', async () => {
    const titles = table<{ readonly title: string; readonly status: string }>('titles')
      .on(Opened, (_row, { data: { title } }) => ({ title, status: 'open' }))
      .on(Closed, (row) => row && { ...row, status: 'closed' })
    const perStatus = aggregate('perStatus', titles, {
      groupBy: ({ status }) => status,
      measures: { rows: count() },
    })
    const events = [Opened, Closed, Deleted, Noted]
    const db = await open(defineDatabase({ name: 'titles', events, views: { titles, perStatus } }))
    await db.append([
      Opened({ id: 'a', title: 'one', points: 1 }),
      Opened({ id: 'b', title: 'two', points: 1 }),
    ])
    await db.append(Closed({ id: 'b' }))
    await db.settled()
    const query = db.views.perStatus.rows('open')
    let told = 0
    query.subscribe(() => told++)
    const shown = () => query.state().data?.entries.map(({ row }) => row.title)
    await expect.poll(shown).toEqual(['one'])
    await db.append(Opened({ id: 'a', title: 'other', points: 1 }))
    await expect.poll(shown).toEqual(['other'])
    await db.append(Closed({ id: 'b' }))
    await db.append([Closed({ id: 'a' }), Opened({ id: 'b', title: 'again', points: 1 })])
    await expect.poll(shown).toEqual(['again'])
    expect(told).toBe(3)
  })
})

describe('what is stored', () => {
  test('the log, snapshots by view, and what the platform says; dropping one takes it off the list', async () => {
    const db = await open(tracker)
    expect(await db.storage()).toMatchObject({ snapshots: [], log: { records: expect.any(Number) } })
    await db.append(openings(20))
    await db.settled()
    await db.rebuild('issues') // a rebuild is stored at once
    await expect.poll(async () => (await db.storage()).snapshots).toMatchObject([{ view: 'issues' }])
    const { log, snapshots } = await db.storage()
    expect(log.bytes).toBeGreaterThan(500)
    expect(snapshots[0]?.bytes).toBeGreaterThan(500)
    expect(snapshots[0]?.storedAt).toBeGreaterThan(1.7e12)
    await db.dropSnapshot('points')
    expect((await db.storage()).snapshots).toEqual([])
    expect(await db.views.issues.count()).toBe(20)
    expect(typeof (await db.persist())).toBe('boolean')
  })

  test('databases of the same events have the same digests, whatever their history; of others, others (V3)', async () => {
    const [one, two] = [await open(tracker), await open(tracker, { name: drawName() })]
    await one.append(openings(30))
    await one.append(Closed({ id: 'i3' }))
    await two.append(Noted('first'))
    await two.importEvents(new Blob(await partsOf(one)))
    for (const view of ['issues', 'points'] as const) {
      await Promise.all([one.settled(), two.settled()])
      const [ours, theirs] = [await one.digest(view), await two.digest(view)]
      expect(ours.digest).toMatch(/^[0-9a-f]{16}$/)
      expect(theirs).toMatchObject({ digest: ours.digest, entries: ours.entries })
      expect(theirs.offset).not.toBe(ours.offset)
    }
    const before = (await one.digest('issues')).digest
    await one.append(Closed({ id: 'i4' }))
    await one.settled()
    expect((await one.digest('issues')).digest).not.toBe(before)
  })
})
