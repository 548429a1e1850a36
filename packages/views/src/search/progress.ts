/**
 * What an index reports of its work: what it is at, how far it has come in rows, and how many rows a second it has taken
 * over the last few seconds.
 */
import type { Scheduler } from '@headwater/log'
import { createRate } from '../rate.ts'
import type { ViewStatus } from '../view.ts'

/** The work of one index. */
export interface Progress {
  readonly phase: 'restoring' | 'rebuilding' | undefined
  readonly now: ViewStatus['progress']
  readonly ratePerSecond: number
  begin(phase: 'restoring' | 'rebuilding', total: number): void
  /** So many rows there are, as it turns out. */
  expect(total: number): void
  /** So large a share of the total is done. */
  reach(share: number): void
  /** So many rows more are done. */
  add(rows: number): void
  end(): void
  /** Rows taken outside of any phase. */
  count(rows: number): void
}

/** Nothing done yet; `moved` is told of each step of a phase. */
export function createProgress(scheduler: Scheduler, moved: () => void): Progress {
  const rate = createRate(() => scheduler.elapsedMs())
  let phase: Progress['phase']
  let done = 0
  let total = 0
  const moveTo = (rows: number): void => {
    rate.note(rows - done)
    done = rows
    total = Math.max(total, done)
    moved()
  }
  return {
    get phase() {
      return phase
    },
    get now() {
      if (phase === undefined) return undefined
      const perSecond = rate.perSecond()
      return {
        done,
        total,
        ...(perSecond > 0 ? { remainingMs: Math.round(((total - done) / perSecond) * 1_000) } : {}),
      }
    },
    get ratePerSecond() {
      return rate.perSecond()
    },
    begin(next, rows) {
      phase = next
      done = 0
      total = rows
      moved()
    },
    expect(rows) {
      total = rows
      moved()
    },
    reach: (share) => moveTo(Math.round(total * share)),
    add: (rows) => moveTo(done + rows),
    end() {
      phase = undefined
      moved()
    },
    count: (rows) => rate.note(rows),
  }
}
