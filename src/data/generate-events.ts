/**
 * Stores a generated story: made in slices of a few milliseconds so that the page stays quick, appended in twenty commits
 * or more, of at most 500 events, with 1,000 events on their way at a time, so that generating and storing overlap and nothing piles
 * up. (A moment of the past lies between two commits: a story in two of them would have only three.)
 */
import type { Database, Draft, Receipt } from 'headwater'
import { formatCount } from '../format.ts'
import { generateEvents } from '../generator.ts'
import { makeIndex } from '../issues/search-index.ts'
import type { Tracker } from '../model.ts'
import { startTask, tell, tellFailure } from '../page/notice-store.ts'

const COMMIT_EVENTS = 500
const COMMITS = 20
const EVENTS_ON_THE_WAY = 1_000
const SLICE_MS = 8
/** How many events are made between two looks at the clock. */
const EVENTS_A_LOOK = 50

/** Generates and stores `count` events, with a progress card; says how it went. Never rejects. */
export async function generateInto(db: Database<Tracker>, seed: number, count: number): Promise<void> {
  const controller = new AbortController()
  const title = `Generating ${formatCount(count)} events`
  const task = startTask(title, () => controller.abort())
  const begun = performance.now()
  const perSecond = (events: number): number => Math.round(events / ((performance.now() - begun) / 1000))
  try {
    const stored = await appendAll(
      db,
      generateEvents({ seed, count, endsAt: Date.now() }),
      Math.min(COMMIT_EVENTS, Math.ceil(count / COMMITS)),
      controller.signal,
      (events) =>
        task.update({
          share: events / count,
          detail: `${formatCount(events)} stored, ${formatCount(perSecond(events))} a second`,
        }),
    )
    const rate = `${formatCount(perSecond(stored))} a second`
    tell(
      stored < count
        ? `Stopped after ${formatCount(stored)} events`
        : `Stored ${formatCount(stored)} events, ${rate}`,
    )
    void makeIndex(db)
  } catch (error) {
    tellFailure(title)(error)
  } finally {
    task.end()
  }
}

/** Appends until the events or the caller's patience end. Returns how many events are stored. */
async function appendAll(
  db: Database<Tracker>,
  events: Iterator<Draft>,
  aCommit: number,
  signal: AbortSignal,
  onStored: (events: number) => void,
): Promise<number> {
  const onTheWay: Promise<Receipt>[] = []
  let stored = 0
  const landOldest = async (): Promise<void> => {
    const receipt = await onTheWay.shift()
    stored += receipt?.count ?? 0
    onStored(stored)
  }
  for (;;) {
    const drafts = signal.aborted ? [] : await takeInSlices(events, aCommit)
    if (drafts.length === 0) break
    await nextTurn()
    onTheWay.push(handled(db.append(drafts)))
    if (onTheWay.length * aCommit >= EVENTS_ON_THE_WAY) await landOldest()
  }
  while (onTheWay.length > 0) await landOldest()
  return stored
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** A promise whose failure is looked at later, and is not unhandled until then. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

/** The next commit's worth of events, the event loop let in whenever a slice is used up. */
async function takeInSlices(events: Iterator<Draft>, aCommit: number): Promise<readonly Draft[]> {
  const drafts: Draft[] = []
  let sliceEnds = performance.now() + SLICE_MS
  while (drafts.length < aCommit) {
    const { value, done } = events.next()
    if (done === true) break
    drafts.push(value)
    if (drafts.length % EVENTS_A_LOOK > 0 || performance.now() < sliceEnds) continue
    await nextTurn()
    sliceEnds = performance.now() + SLICE_MS
  }
  return drafts
}
