// The whole database in process, in memory and over IndexedDB: what an app may rely on.
import type { Scheduler } from '@headwater/log'
import { HeadwaterError, isHeadwaterError, type Platform, type QueryState, type Receipt } from 'headwater'
import { afterEach, describe, expect, test } from 'vitest'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import {
  Closed,
  closeAll,
  Deleted,
  drawName,
  type Issue,
  Noted,
  Opened,
  open,
  openings,
  refusalOf,
  type Tracker,
  tracker,
} from './world.ts'

afterEach(closeAll)

/** Resolves when `check` holds, looking at each change of what `watch` subscribes to. */
async function until(check: () => boolean): Promise<void> {
  await expect.poll(check, { interval: 2 }).toBe(true)
}

/** The platform, but that a tab on it never looks by itself whether another wrote. */
function withoutSlowTimers(): Platform {
  const { scheduler, ...platform } = createPlatform()
  const after: Scheduler['after'] = (delayMs, run) =>
    delayMs < 1_000 ? scheduler.after(delayMs, run) : () => undefined
  return { ...platform, scheduler: { ...scheduler, after } }
}

function watched(db: Tracker, id = 'a') {
  const query = db.views.issues.get(id)
  const states: QueryState<Issue | undefined>[] = []
  const stop = query.subscribe(() => states.push(query.state()))
  return { query, states, stop }
}

describe.each(['memory', 'indexeddb'] as const)('a database in %s', (storage) => {
  const openTracker = (): Promise<Tracker> => open(tracker, { storage })

  test('a query given a receipt answers from at least that point (D1)', async () => {
    const db = await openTracker()
    const receipt = await db.append(Opened({ id: 'a', title: 'Crash', points: 3 }))
    expect(receipt).toMatchObject({ count: 1, offset: 1, firstSequence: 1 })
    const atLeast = receipt
    expect(await db.views.issues.get('a', { atLeast })).toEqual({
      id: 'a',
      title: 'Crash',
      points: 3,
      status: 'open',
    })
    expect(await db.views.points.get('open', { atLeast })).toEqual({ issues: 1, points: 3 })
  })

  test('tables, indexes, pages, counts, histories and groups answer with what was folded', async () => {
    const db = await openTracker()
    await db.append(openings(5))
    const atLeast = await db.append([Closed({ id: 'i1' }), Deleted({ id: 'i4' })])
    const { issues, points } = db.views
    const titles = async (rows: PromiseLike<readonly Issue[]>) => (await rows).map(({ title }) => title)
    expect(await titles(issues.range('byStatus', { prefix: ['open'], atLeast }))).toEqual([
      'Issue 0',
      'Issue 2',
      'Issue 3',
    ])
    expect(await titles(issues.range('byStatus', { limit: 2, reverse: true }))).toEqual([
      'Issue 3',
      'Issue 2',
    ])
    const page = await issues.page('key', { limit: 3 })
    expect(page.entries.map(({ key }) => key)).toEqual(['i0', 'i1', 'i2'])
    const rest = await issues.page('key', { limit: 3, ...(page.cursor ? { cursor: page.cursor } : {}) })
    expect(rest.entries.map(({ key }) => key)).toEqual(['i3'])
    expect(await issues.count()).toBe(4)
    expect(await issues.count('byStatus', { prefix: ['closed'] })).toBe(1)
    expect((await issues.history('i4')).map(({ type }) => type)).toEqual(['issue.opened', 'issue.deleted'])
    expect(await points.range()).toEqual([
      { group: 'closed', issues: 1, points: 1 },
      { group: 'open', issues: 3, points: 5 },
    ])
  })

  test('a live query reports each change once and keeps equal results and rows by reference (D3)', async () => {
    const db = await openTracker()
    await db.append(openings(3))
    await db.settled()
    const query = db.views.issues.range('byStatus', { prefix: ['open'] })
    const seen: (readonly Issue[] | undefined)[] = []
    expect(query.state()).toEqual({ status: 'loading', data: undefined, error: undefined })
    query.subscribe(() => seen.push(query.state().data))
    await until(() => query.state().status === 'ready')
    const before = query.state()
    expect(query.state()).toBe(before)
    await db.append(Noted('no row changes'))
    const atLeast = await db.append(Closed({ id: 'i1' }))
    await db.views.issues.get('i1', { atLeast })
    await until(() => query.state().data?.length === 2)
    expect(seen).toHaveLength(2)
    expect(query.state().data?.[0]).toBe(before.data?.[0])
    expect(query.state().data?.[1]).toBe(before.data?.[2])
  })

  test('equal queries share their state, which outlives a subscriber for a moment', async () => {
    const db = await openTracker()
    await db.append(Opened({ id: 'a', title: 'x', points: 1 }))
    const { query, stop } = watched(db)
    await until(() => query.state().status === 'ready')
    const twin = db.views.issues.get('a', { deadlineMs: 5 })
    expect(twin.key).toBe(query.key)
    expect(twin.state()).toBe(query.state())
    stop()
    expect(db.views.issues.get('a').state().status).toBe('ready')
    expect(db.views.issues.range('key', { limit: 1, reverse: true }).key).toBe(
      db.views.issues.range('key', { reverse: true, limit: 1 }).key,
    )
  })

  test('an append without an answer in time, or aborted before it, ends by name (D4)', async () => {
    const db = await openTracker()
    const receipt = await db.append(openings(1))
    await db.views.issues.get('i0', { atLeast: receipt }) // what has folded nothing yet refuses by another name
    const ahead = { ...receipt, offset: (receipt.offset + 5) as Receipt['offset'] }
    const refusal = await refusalOf(db.views.issues.get('i0', { atLeast: ahead, deadlineMs: 30 }))
    expect(refusal).toMatchObject({ code: 'BEHIND_RECEIPT' })
    const elsewhere = { ...receipt, replica: 'zzzzzzzzzzzzzzzz' as Receipt['replica'] }
    expect(await refusalOf(db.views.issues.get('i0', { atLeast: elsewhere, deadlineMs: 30 }))).toMatchObject({
      code: 'BEHIND_RECEIPT',
      facts: { replica: 'zzzzzzzzzzzzzzzz' },
    })
    const broken = { ...receipt, replica: 'z' as Receipt['replica'] }
    expect(await refusalOf(db.views.issues.get('i0', { atLeast: broken }))).toMatchObject({
      code: 'QUERY_INVALID',
    })
    const stop = new AbortController()
    const waiting = refusalOf(db.views.issues.get('i0', { atLeast: ahead, signal: stop.signal }))
    stop.abort()
    expect(await waiting).toMatchObject({ code: 'ABORTED' })
    expect(await refusalOf(db.append(openings(1), { signal: stop.signal }))).toMatchObject({
      code: 'ABORTED',
    })
  })

  test('a question that fits no view is refused by name', async () => {
    const db = await openTracker()
    const noIndex = JSON.parse('"byNothing"')
    expect(await refusalOf(db.views.issues.range(noIndex))).toMatchObject({ code: 'QUERY_INVALID' })
    const noKey = { key: Number.NaN as never }
    expect(() => db.views.issues.get(noKey.key)).toThrow(HeadwaterError)
  })

  test('an export is taken by another database as it is, and by the same without a change (L3)', async () => {
    const [one, two] = await Promise.all([openTracker(), openTracker()])
    await one.append(openings(600))
    await one.append(Closed({ id: 'i1' }))
    const counts: number[] = []
    const text = await textOf(one.exportEvents({ onProgress: (events) => counts.push(events) }))
    expect(counts.at(-1)).toBe(601)
    expect(text.trim().split('\n')).toHaveLength(2)
    const phases: string[] = []
    const report = await two.importEvents(new Blob([text]), { onProgress: ({ phase }) => phases.push(phase) })
    expect(report).toEqual({ lines: 2, imported: 601, duplicates: 0, skipped: 0, faults: [] })
    expect(new Set(phases)).toEqual(new Set(['check', 'store']))
    await two.settled()
    await one.settled()
    expect(await two.views.points.range()).toEqual(await one.views.points.range())
    expect(await two.importEvents(text)).toMatchObject({ imported: 0, duplicates: 601 })
    expect(await textOf(two.exportEvents())).toBe(text)
  })

  test('an import that stops at a line has stored nothing, and says which (L1)', async () => {
    const db = await openTracker()
    const good = '{"type":"note","data":1}\n'
    const refusal = await refusalOf(db.importEvents(`${good}nonsense\n`))
    expect(refusal).toMatchObject({ code: 'IMPORT_LINE', facts: { line: 2 } })
    expect(db.status.get().log.head).toBe(0)
    expect(await db.importEvents(`${good}nonsense\n`, { onFault: 'skip' })).toMatchObject({
      imported: 1,
      skipped: 1,
    })
  })

  test('an export that is given up costs nothing more', async () => {
    const db = await openTracker()
    for (let at = 0; at < 20; at++) await db.append(openings(500, at * 500))
    const reader = db.exportEvents().getReader()
    expect((await reader.read()).value).toContain('issue.opened')
    await reader.cancel()
    const stop = new AbortController()
    const aborted = db.exportEvents({ signal: stop.signal })
    stop.abort()
    expect(await refusalOf(textOf(aborted))).toMatchObject({ code: 'ABORTED' })
  })

  test('it says what the page reads of each view, and what the log holds of each replica', async () => {
    const db = await openTracker()
    expect(db.watched()).toEqual([])
    const { stop, states } = watched(db)
    await until(() => states.length === 1)
    expect(db.watched()).toEqual([{ view: 'issues', queries: 1, answers: 1 }])
    const { replica } = await db.append(openings(3).concat(Opened({ id: 'a', title: 'A', points: 1 })))
    await until(() => states.length === 2)
    expect(db.watched()).toEqual([{ view: 'issues', queries: 1, answers: 2 }])
    expect(await db.vector()).toEqual({ [replica]: 4 })
    stop()
    await until(() => db.watched()[0]?.queries === 0)
  })

  test('verify folds the log again and finds the same (V7)', async () => {
    const db = await openTracker()
    await db.append(openings(50))
    await db.append(Closed({ id: 'i3' }))
    await db.settled()
    expect(await db.verify('issues')).toMatchObject({ view: 'issues', offset: 51, equal: true })
    expect(await db.verify('points')).toMatchObject({ view: 'points', equal: true })
  })

  test('rebuild starts a view over while it answers, and says how far it is', async () => {
    const db = await openTracker()
    await db.append(openings(2_000))
    await db.settled()
    const told: number[] = []
    const rebuilt = db.rebuild('issues', { onProgress: ({ done }) => told.push(done) })
    expect(await db.views.issues.count()).toBe(2_000)
    await rebuilt
    expect(await db.views.issues.count()).toBe(2_000)
  })

  test('status says how the log and each view fare, and is the same object until something changed', async () => {
    const db = await openTracker()
    expect(db.status.get()).toBe(db.status.get())
    expect(db.status.get()).toMatchObject({ state: 'open', restarts: 0, error: undefined })
    const heads: number[] = []
    db.status.subscribe(({ log }) => heads.push(log.head))
    await db.append(openings(3))
    await until(() => db.status.get().log.head === 3 && db.status.get().leads)
    await until(() => db.status.get().views.every(({ lag, state }) => lag === 0 && state === 'live'))
    expect(db.status.get().views.map(({ name, kind }) => [name, kind])).toEqual([
      ['issues', 'table'],
      ['points', 'aggregate'],
    ])
    expect(heads.at(-1)).toBe(3)
    await db.append(openings(2, 10))
    await db.settled()
    expect(db.status.get().log.head).toBe(5)
    expect(db.status.get().views.map(({ lag }) => lag)).toEqual([0, 0])
  })

  test('close lets what was appended be stored, ends what waits, and refuses the rest by name (L8, D4)', async () => {
    const db = await openTracker()
    const { query, states } = watched(db)
    const receipt = db.append(openings(1))
    const waiting = refusalOf(
      db.views.issues.get('x', {
        atLeast: { ...(await receipt), offset: 99 as Receipt['offset'] },
        deadlineMs: 60_000,
      }),
    )
    await Promise.all([db.close(), db.close()])
    expect(await waiting).toMatchObject({ code: 'CLOSED' })
    expect(await refusalOf(db.append(openings(1)))).toMatchObject({ code: 'CLOSED' })
    expect(await refusalOf(db.views.issues.get('a'))).toMatchObject({ code: 'CLOSED' })
    expect(await refusalOf(db.settled())).toMatchObject({ code: 'CLOSED' })
    expect(await refusalOf(textOf(db.exportEvents()))).toMatchObject({ code: 'CLOSED' })
    expect(db.status.get().state).toBe('closed')
    expect(query.state().error).toMatchObject({ code: 'CLOSED' })
    expect(states.length).toBeGreaterThan(0)
    await db.close()
  })

  test('ten thousand appends that are not awaited each get a receipt, in order (L2, L5)', async () => {
    const db = await openTracker()
    const receipts = await Promise.all(openings(10_000).map((draft) => db.append(draft)))
    expect(receipts.map(({ offset }) => offset)).toEqual(Array.from({ length: 10_000 }, (_, at) => at + 1))
    expect(await db.views.issues.count('key', { atLeast: receipts.at(-1) ?? (undefined as never) })).toBe(
      10_000,
    )
  })
})

async function textOf(stream: ReadableStream<string>): Promise<string> {
  let text = ''
  const reader = stream.getReader()
  for (let run = await reader.read(); !run.done; run = await reader.read()) text += run.value
  return text
}

describe('over IndexedDB', () => {
  test('what was appended is there after a restart, and queries wait for the head found at opening (D1)', async () => {
    const name = drawName()
    const first = await open(tracker, { storage: 'indexeddb', name })
    await first.append(openings(10))
    await first.close()
    const second = await open(tracker, { storage: 'indexeddb', name })
    expect(await second.views.issues.count()).toBe(10)
    expect(await second.views.points.get('open')).toMatchObject({ issues: 10 })
  })

  test('two tabs see one history, and one hears what the other appended (L6, D2)', async () => {
    const name = drawName()
    const [one, two] = await Promise.all([
      open(tracker, { storage: 'indexeddb', name }),
      open(tracker, { storage: 'indexeddb', name }),
    ])
    const { query } = watched(two, 'i7')
    const receipts = await Promise.all(
      openings(40).map((draft, at) => (at % 2 === 0 ? one : two).append(draft)),
    )
    expect(new Set(receipts.map(({ offset }) => offset)).size).toBe(40)
    const atLeast = receipts[39]
    if (!atLeast) throw new Error('forty were appended')
    expect(await two.views.issues.get('i38', { atLeast })).toBeDefined()
    await Promise.all([one.settled(), two.settled()])
    expect(await one.views.issues.count()).toBe(40)
    expect(await two.views.issues.range('key')).toEqual(await one.views.issues.range('key'))
    await until(() => query.state().status === 'ready')
    const later = await one.append(Closed({ id: 'i7' }))
    await until(() => query.state().data?.status === 'closed')
    expect(await two.views.issues.get('i7', { atLeast: later })).toMatchObject({ status: 'closed' })
    expect([one, two].filter((db) => db.status.get().leads)).toHaveLength(1)
  })

  test('what a tab appended just before it closed is heard of by the others at once (L6)', async () => {
    const name = drawName()
    const one = await open(tracker, { storage: 'indexeddb', name })
    const other = await open(tracker, { storage: 'indexeddb', name, platform: withoutSlowTimers() })
    void one.append(openings(3))
    await one.close()
    await expect.poll(() => other.status.get().log.head).toBe(3)
  })

  test('destroy deletes everything, and other tabs let go and say so (L8)', async () => {
    const name = drawName()
    const [one, two] = await Promise.all([
      open(tracker, { storage: 'indexeddb', name }),
      open(tracker, { storage: 'indexeddb', name }),
    ])
    await one.append(openings(3))
    await one.destroy()
    await until(() => two.status.get().state === 'closed')
    expect(await refusalOf(two.append(openings(1)))).toMatchObject({ code: 'CLOSED' })
    const fresh = await open(tracker, { storage: 'indexeddb', name })
    expect(await fresh.views.issues.count()).toBe(0)
    const names = (await indexedDB.databases()).map((each) => each.name)
    await fresh.destroy()
    expect(names.length).toBeGreaterThan((await indexedDB.databases()).length)
  })
})

test('a receipt of one database waits in another until its commit has come, by whatever way (D1)', async () => {
  const [one, two] = [await open(tracker), await open(tracker)]
  const atLeast = await one.append(openings(1))
  const early = await refusalOf(two.views.issues.get('i0', { atLeast, deadlineMs: 30 }))
  expect(isHeadwaterError(early, 'BEHIND_RECEIPT')).toBe(true)
  const waiting = two.views.issues.get('i0', { atLeast }).then((row) => row)
  const lines: string[] = []
  for await (const text of one.exportEvents()) lines.push(text)
  await two.importEvents(lines.join(''))
  expect(await waiting).toMatchObject({ title: 'Issue 0' })
})
