/**
 * What an index reports of its work: what it is at, how far it has come in rows, and how many rows a second it has taken
 * over the last few seconds.
 */
import type { Scheduler } from '@headwater/log'
import type { ViewStatus } from '../view.ts'

/** The work of one index. */
export interface Progress {
  readonly phase: 'restoring' | 'rebuilding' | undefined
  readonly now: ViewStatus['progress']
  readonly ratePerSecond: number
  begin(phase: 'restoring' | 'rebuilding', total: number): void
  /** So large a share of the total is done. */
  reach(share: number): void
  /** So many rows more are done. */
  add(rows: number): void
  end(): void
  /** Rows taken outside of any phase. */
  count(rows: number): void
}

const WINDOW_MS = 4_000
const MARK_MS = 250

/** Nothing done yet. */
export function createProgress(scheduler: Scheduler): Progress {
  const meter = createMeter(scheduler)
  let phase: Progress['phase']
  let done = 0
  let total = 0
  const moveTo = (rows: number): void => {
    meter.count(rows - done)
    done = rows
    total = Math.max(total, done)
  }
  return {
    get phase() {
      return phase
    },
    get now() {
      if (phase === undefined) return undefined
      const rate = meter.ratePerSecond()
      return {
        done,
        total,
        ...(rate > 0 ? { remainingMs: Math.round(((total - done) / rate) * 1_000) } : {}),
      }
    },
    get ratePerSecond() {
      return meter.ratePerSecond()
    },
    begin(next, rows) {
      phase = next
      done = 0
      total = rows
    },
    reach: (share) => moveTo(Math.round(total * share)),
    add: (rows) => moveTo(done + rows),
    end() {
      phase = undefined
    },
    count: (rows) => meter.count(rows),
  }
}

interface Meter {
  count(rows: number): void
  ratePerSecond(): number
}

/** Marks of (time, rows so far), one per quarter of a second, as many as the window holds. */
function createMeter(scheduler: Scheduler): Meter {
  const marks: { readonly at: number; readonly rows: number }[] = []
  let rows = 0
  const forget = (now: number): void => {
    while (marks.length > 0 && now - marks[0]!.at > WINDOW_MS) marks.shift()
  }
  return {
    count(more) {
      const now = scheduler.elapsedMs()
      forget(now)
      const newest = marks.at(-1)
      if (newest === undefined || now - newest.at >= MARK_MS) marks.push({ at: now, rows })
      rows += more
    },
    ratePerSecond() {
      const now = scheduler.elapsedMs()
      forget(now)
      const oldest = marks[0]
      if (oldest === undefined) return 0
      return Math.round(((rows - oldest.rows) * 1_000) / Math.max(MARK_MS, now - oldest.at))
    },
  }
}
