// The engine in a real worker: what crosses, and what happens when the worker does not load, does not answer, or dies.
import { HeadwaterError, isHeadwaterError, openDatabase, type Receipt } from 'headwater'
import { afterEach, expect, test } from 'vitest'
import { odd, Told } from './odd-model.ts'
import { Closed, closeAll, drawName, Noted, Opened, open, openings, refusalOf, tracker } from './world.ts'

afterEach(closeAll)

const trackerWorker = (): Worker =>
  new Worker(new URL('./workers/tracker.worker.ts', import.meta.url), { type: 'module' })
const oddWorker = (): Worker =>
  new Worker(new URL('./workers/odd.worker.ts', import.meta.url), { type: 'module' })

/** Workers made by a test, so that it can end them. */
function keepWorkers(create: () => Worker) {
  const made: Worker[] = []
  const worker = (): Worker => {
    const one = create()
    made.push(one)
    return one
  }
  return { made, worker }
}

test('an engine in a worker stores, folds and answers; what was stored is there when it opens again (D1)', async () => {
  const name = drawName()
  const db = await open(tracker, { worker: trackerWorker, storage: 'indexeddb', name })
  const atLeast = await db.append(Opened({ id: 'a', title: 'Crash', points: 3 }), { durability: 'strict' })
  expect(atLeast.held).toBe('durable')
  expect(await db.views.points.get('open', { atLeast })).toEqual({ issues: 1, points: 3 })
  await db.close()
  const again = await open(tracker, { worker: trackerWorker, storage: 'indexeddb', name })
  expect(await again.views.issues.get('a')).toMatchObject({ title: 'Crash' })
  await again.destroy()
})

test('a live query across the worker sends what changed, and unchanged rows keep their reference (D3)', async () => {
  const db = await open(tracker, { worker: trackerWorker })
  await db.append(openings(3))
  await db.settled() // what is live follows the view from wherever it is
  const query = db.views.issues.range('key')
  let changes = 0
  query.subscribe(() => changes++)
  await expect.poll(() => query.state().data?.length).toBe(3)
  const before = query.state().data
  await db.append(Closed({ id: 'i1' }))
  await expect.poll(() => query.state().data?.[1]?.status).toBe('closed')
  expect(query.state().data?.[0]).toBe(before?.[0])
  expect(query.state().data?.[2]).toBe(before?.[2])
  expect(changes).toBe(2)
})

test('an export and an import cross the worker as streams, with progress (L3)', async () => {
  const [one, two] = await Promise.all([
    open(tracker, { worker: trackerWorker }),
    open(tracker, { worker: trackerWorker }),
  ])
  await Promise.all(openings(1_000).map((draft) => one.append(draft)))
  const parts: string[] = []
  const reader = one.exportEvents().getReader()
  for (let run = await reader.read(); !run.done; run = await reader.read()) parts.push(run.value)
  const phases = new Set<string>()
  const report = await two.importEvents(new Blob(parts), { onProgress: ({ phase }) => phases.add(phase) })
  expect(report).toMatchObject({ imported: 1_000, skipped: 0 })
  expect(phases).toEqual(new Set(['check', 'store']))
})

test('a view paused in the worker stands, its snapshot is dropped and stored anew; the browser says what it holds', async () => {
  const db = await open(tracker, { worker: trackerWorker, storage: 'indexeddb' })
  await db.append(openings(20))
  await db.settled()
  await db.pause('points')
  const atLeast = await db.append(openings(5, 100))
  expect(await db.views.issues.count()).toBe(20)
  await db.resume('points')
  expect((await db.views.points.rows('open', { atLeast, limit: 3 })).total).toBe(25)
  await db.rebuild('issues')
  await expect.poll(async () => (await db.storage()).snapshots.length).toBe(1)
  await db.dropSnapshot('issues')
  const { snapshots, usage, quota, persisted } = await db.storage()
  expect(snapshots).toEqual([])
  expect(usage).toBeGreaterThanOrEqual(0)
  expect(quota).toBeGreaterThan(1_000_000)
  expect(persisted).toBe(false)
  expect(typeof (await db.persist())).toBe('boolean')
  const { entries } = await db.readLog({ newestFirst: true, limit: 1 })
  expect(await db.touched(entries[0]!.offset)).toEqual([{ view: 'issues', key: 'i104' }])
  expect(await db.digest('issues')).toMatchObject({ view: 'issues', offset: 25 })
  await db.destroy()
})

test('errors keep their class, code, hint, path, facts and cause across the worker', async () => {
  const db = await open(tracker, { worker: trackerWorker })
  const refusal = await refusalOf(db.importEvents('{"type":"issue.opened","data":{"id":7}}'))
  if (!isHeadwaterError(refusal, 'IMPORT_LINE')) throw new Error('another name')
  expect(refusal).toBeInstanceOf(HeadwaterError)
  expect(refusal.hint).not.toBe('')
  expect(refusal.facts).toMatchObject({ line: 1, reason: 'EVENT_INVALID' })
  expect(refusal.path).toEqual(['id'])
  expect(refusal.cause).toBeInstanceOf(HeadwaterError)
  expect(refusal.cause).toMatchObject({ code: 'EVENT_INVALID' })
})

test('a fold that throws in the worker parks its view, and status says with which error (V6)', async () => {
  const db = await open(odd, { worker: oddWorker })
  await db.append(Told('throw'))
  await expect
    .poll(() => db.status.get().views[0])
    .toMatchObject({
      state: 'parked',
      error: { code: 'FOLD_FAILED' },
    })
  expect(JSON.stringify(db.status.get().views[0]?.error)).toContain('told to')
})

test('aborts, deadlines and receipts to wait for cross the worker (D1, D4)', async () => {
  const db = await open(tracker, { worker: trackerWorker })
  const receipt = await db.append(openings(1))
  await db.views.issues.get('a', { atLeast: receipt }) // what has folded nothing yet refuses by another name
  const ahead = { ...receipt, offset: (receipt.offset + 9) as Receipt['offset'] }
  expect(await refusalOf(db.views.issues.get('a', { atLeast: ahead, deadlineMs: 50 }))).toMatchObject({
    code: 'BEHIND_RECEIPT',
  })
  const stop = new AbortController()
  const waiting = refusalOf(db.views.issues.get('a', { atLeast: ahead, signal: stop.signal }))
  stop.abort()
  expect(await waiting).toMatchObject({ code: 'ABORTED' })
})

test.each([
  [
    'cannot be found',
    () => new Worker(new URL('nowhere-at-all.js', location.href), { type: 'module' }),
    'did not load',
    30_000,
  ],
  [
    'throws while it loads',
    () => new Worker(new URL('./workers/throws.worker.ts', import.meta.url), { type: 'module' }),
    'the model is broken',
    30_000,
  ],
  [
    'never serves',
    () => new Worker(new URL('./workers/silent.worker.ts', import.meta.url), { type: 'module' }),
    'does not answer',
    300,
  ],
  [
    'serves another build',
    () => new Worker(new URL('./workers/other.worker.ts', import.meta.url), { type: 'module' }),
    'The worker serves [',
    30_000,
  ],
  ['cannot be made', () => new Worker('http://127.0.0.1:1/other-origin.js'), 'could not be made', 30_000],
])('a worker that %s is refused by name, when that is known or by the deadline (D4)', async (...example) => {
  const [, worker, message, openDeadlineMs] = example
  const refusal = await refusalOf(openDatabase(tracker, { worker, storage: 'memory', openDeadlineMs }))
  expect(refusal).toMatchObject({ code: 'WORKER_UNAVAILABLE' })
  expect((refusal as HeadwaterError).message).toContain(message)
  expect((refusal as HeadwaterError).hint).not.toBe('')
})

test('a storage that another holder blocks is said by name within the deadline (D4)', async () => {
  const name = drawName()
  const newer = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(`headwater:${name}:log`, 1_000)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new Error('no database', { cause: request.error }))
  })
  const refusal = await refusalOf(
    openDatabase(tracker, { worker: trackerWorker, storage: 'indexeddb', name, openDeadlineMs: 10_000 }),
  )
  newer.close()
  indexedDB.deleteDatabase(`headwater:${name}:log`)
  expect(isHeadwaterError(refusal)).toBe(true)
  expect(['FORMAT_NEWER', 'STORAGE_BLOCKED', 'STORAGE_UNAVAILABLE']).toContain(
    (refusal as HeadwaterError).code,
  )
})

test('a worker that dies in mid-append is started again: every receipt comes, nothing is stored twice (L1, L5, D4)', async () => {
  const { made, worker } = keepWorkers(trackerWorker)
  const db = await open(tracker, { worker, storage: 'indexeddb' })
  const query = db.views.issues.count()
  query.subscribe(() => undefined)
  const states: string[] = []
  db.status.subscribe(({ state }) => states.push(state))
  await db.append(openings(10))
  const appends = Array.from({ length: 200 }, (_, at) => db.append(openings(1, 100 + at)))
  const asked = db.views.issues.get('i0')
  await new Promise((resolve) => setTimeout(resolve, 3))
  made[0]?.terminate()
  const late = db.append(Noted('while nobody listens'))
  const receipts = await Promise.all([...appends, late])
  expect(await asked).toBeDefined()
  expect(new Set(receipts.map(({ offset }) => offset)).size).toBe(201)
  expect(states).toContain('restarting')
  expect(db.status.get()).toMatchObject({ state: 'open', restarts: 1 })
  await db.settled()
  expect(await db.views.issues.count()).toBe(210)
  expect((await db.readLog({ limit: 1_000 })).entries.length).toBe(211)
  await expect.poll(() => query.state()).toMatchObject({ status: 'ready', data: 210 })
  await db.destroy()
})

test('live queries are stale while a worker is started again, and ready after it, without losing references (D3)', async () => {
  const { made, worker } = keepWorkers(trackerWorker)
  const db = await open(tracker, { worker, storage: 'indexeddb' })
  await db.append(openings(3))
  const query = db.views.issues.range('key')
  const seen: string[] = []
  query.subscribe(() => seen.push(query.state().status))
  await expect.poll(() => query.state().data?.length).toBe(3)
  const before = query.state().data
  made[0]?.terminate()
  await expect.poll(() => seen.slice(-2)).toEqual(['stale', 'ready'])
  expect(query.state().data).toBe(before)
  await db.append(Closed({ id: 'i2' }))
  await expect.poll(() => query.state().data?.[2]?.status).toBe('closed')
  await db.destroy()
})

test('a worker that dies twice within a minute is given up: all that waits is rejected by name (D4)', async () => {
  const { made, worker } = keepWorkers(trackerWorker)
  const db = await open(tracker, { worker, storage: 'indexeddb' })
  const receipt = await db.append(openings(1))
  const ahead = { ...receipt, offset: (receipt.offset + 9) as Receipt['offset'] }
  const waiting = refusalOf(db.views.issues.get('a', { atLeast: ahead, deadlineMs: 60_000 }))
  made[0]?.terminate()
  await expect.poll(() => db.status.get()).toMatchObject({ state: 'open', restarts: 1 })
  made[1]?.terminate()
  expect(await waiting).toMatchObject({ code: 'WORKER_DIED' })
  expect(await refusalOf(db.append(openings(1)))).toMatchObject({ code: 'WORKER_DIED' })
  expect(db.status.get()).toMatchObject({ state: 'failed', error: { code: 'WORKER_DIED' } })
})

test('the past across the worker: folded with progress, shown, and opened anew when the worker dies (D4)', async () => {
  const { made, worker } = keepWorkers(trackerWorker)
  const db = await open(tracker, { worker, storage: 'indexeddb' })
  await db.append(openings(100))
  await db.append(Closed({ id: 'i7' }))
  const told: number[] = []
  const at = await db.at(100, { onProgress: ({ done }) => told.push(done) })
  expect(told.at(-1)).toBe(100)
  const query = at.views.points.get('closed')
  query.subscribe(() => undefined)
  await expect.poll(() => query.state().status).toBe('ready')
  expect(query.state().data).toBeUndefined()
  made[0]?.terminate()
  expect(await at.views.issues.get('i7')).toMatchObject({ status: 'open' })
  expect(db.status.get().restarts).toBe(1)
  expect(await db.views.issues.get('i7')).toMatchObject({ status: 'closed' })
  await at.close()
  expect(await refusalOf(at.views.issues.count())).toMatchObject({ code: 'CLOSED' })
  await db.destroy()
})

test('an error outside of any call ends the worker, which is started again (D4)', async () => {
  const db = await open(odd, { worker: oddWorker, storage: 'memory' })
  await db.append(Told('die'))
  await expect.poll(() => db.status.get().restarts).toBe(1)
  await expect.poll(() => db.status.get().state).toBe('open')
})

test('a worker that a fold keeps busy is no answer: what waits for it ends by name (D4)', async () => {
  const db = await open(odd, { worker: oddWorker, storage: 'memory' })
  const receipt = await db.append(Told('hang'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  // Once the fold has come to its end the worker would answer, and this would be no refusal.
  const refusal = await refusalOf(db.views.fatal.get('all', { atLeast: receipt, deadlineMs: 300 }))
  expect(refusal).toMatchObject({ code: 'DEADLINE' })
})

test('closing ends the worker, and its lock is free', async () => {
  const db = await open(tracker, { worker: trackerWorker })
  await db.append(openings(1))
  const held = async (): Promise<number> =>
    ((await navigator.locks.query()).held ?? []).filter(({ name }) => name?.startsWith('headwater:life:'))
      .length
  const before = await held()
  await db.close()
  await expect.poll(held).toBe(before - 1)
})
