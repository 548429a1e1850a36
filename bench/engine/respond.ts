/**
 * Whether anybody waits: how long the page is blocked while much is appended, and how long queries take while a view
 * rebuilds or another tab writes a checkpoint.
 */
import type { Database } from 'headwater'
import { createStream, issueId } from '../stream.ts'
import { stored, wakeSearch } from './fill.ts'
import type { everything } from './model.ts'
import { openEverything } from './open-database.ts'

type Everything = Database<typeof everything>

const COMMIT_EVENTS = 1_000
/** Events made between two turns of the page, so that making them is not what blocks it. */
const MADE_AT_ONCE = 200
const BETWEEN_QUERIES_MS = 5
const LIMIT_MS = 300_000

/** One database a page, open for as long as the page is. */
let opened: Promise<Everything> | undefined
const database = (): Promise<Everything> => (opened ??= openEverything())

export interface StreamOptions {
  readonly seed: number
  readonly events: number
}

/** Appends, waits until everything can be searched, and tells the page's longest block. */
export async function fillWatched({
  seed,
  events,
}: StreamOptions): Promise<Blocks & { readonly searchableRate: number }> {
  const db = await database()
  await wakeSearch(db)
  const watch = watchBlocks()
  const start = performance.now()
  await appendAll(db, seed, events)
  await db.settled({ deadlineMs: LIMIT_MS })
  const { total } = await db.views.issueSearch.search('ka', { prefix: true, deadlineMs: LIMIT_MS })
  const ms = performance.now() - start
  const blocks = await watch.stop()
  if (total === 0) throw new Error('the search found nothing')
  return { ...blocks, searchableRate: (events / ms) * 1_000 }
}

async function appendAll(db: Everything, seed: number, events: number): Promise<void> {
  const stream = createStream(seed, 'mixed')
  for (let appended = 0; appended < events; appended += COMMIT_EVENTS) {
    const commit = []
    for (let made = 0; made < COMMIT_EVENTS; made++) {
      if (made % MADE_AT_ONCE === 0) await turn()
      commit.push(stream.next())
    }
    await db.append(commit)
  }
}

/** Queries on views that do not rebuild, while the issues do. */
export async function queryWhileRebuilding(): Promise<{ times: readonly number[] }> {
  const db = await database()
  await stored(db)
  let isDone = false
  const rebuilt = db.rebuild('issues').then(() => (isDone = true))
  const times = await timeQueries(
    () => isDone,
    (turn) =>
      turn % 2 === 0
        ? db.views.people.get(`person-${turn % 40}`)
        : db.views.people.range('key', { limit: 20 }),
  )
  await rebuilt
  return { times }
}

/** Appends, then waits until every base is stored: the checkpoint that the second tab shall not feel. */
export async function writeCheckpoint({ seed, events }: StreamOptions): Promise<void> {
  const db = await database()
  await appendAll(db, seed, events)
  await db.settled({ deadlineMs: LIMIT_MS })
  await stored(db)
}

let isToldToStop = false

/** Ends the queries of this page. */
export async function stopQueries(): Promise<void> {
  isToldToStop = true
}

/** Queries of all kinds in this tab, until it is told that the other one has appended and stored. */
export async function queryUntilStopped({
  rows,
}: {
  readonly rows: number
}): Promise<{ times: readonly number[] }> {
  const db = await database()
  await db.views.byStatus.range()
  const times = await timeQueries(
    () => isToldToStop,
    (turn) => {
      if (turn % 3 === 0) return db.views.byStatus.range()
      if (turn % 3 === 1) return db.views.issues.get(issueId((turn * 7_919) % rows))
      return db.views.issues.range('byStatus', { prefix: ['open'], limit: 20 })
    },
  )
  return { times }
}

async function timeQueries(
  isDone: () => boolean,
  ask: (turn: number) => PromiseLike<unknown>,
): Promise<readonly number[]> {
  const times: number[] = []
  const start = performance.now()
  for (let turns = 0; !isDone(); turns++) {
    if (performance.now() - start > LIMIT_MS) throw new Error('what the queries run beside does not end')
    const asked = performance.now()
    await ask(turns)
    times.push(performance.now() - asked)
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_QUERIES_MS))
  }
  return times
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** What a page felt. */
interface Blocks {
  /** The longest task of this page; browsers tell of those over 50 ms only, so 0 says that there was none. */
  readonly longTaskMs: number
  /** The longest time without a turn of this page, which a busy machine stretches too. */
  readonly lateTurnMs: number
}

function watchBlocks(): { stop(): Promise<Blocks> } {
  let longTaskMs = 0
  let lateTurnMs = 0
  const see = (entries: PerformanceEntryList): void => {
    for (const { duration } of entries) longTaskMs = Math.max(longTaskMs, duration)
  }
  const observer = new PerformanceObserver((list) => see(list.getEntries()))
  observer.observe({ type: 'longtask' })
  const { port1, port2 } = new MessageChannel()
  let last = performance.now()
  port1.onmessage = () => {
    const now = performance.now()
    lateTurnMs = Math.max(lateTurnMs, now - last)
    last = now
    timer = setTimeout(() => port2.postMessage(null), 1)
  }
  let timer = setTimeout(() => port2.postMessage(null), 1)
  return {
    async stop() {
      await turn()
      see(observer.takeRecords())
      clearTimeout(timer)
      port1.close()
      observer.disconnect()
      return { longTaskMs, lateTurnMs }
    },
  }
}
