/**
 * What an index reports of its work: what it is at, how far it has come in rows, and how many rows a second it has taken
 * over the last few seconds.
 */
import type { Scheduler } from '@headwater/log'
import { createListeners, type Listeners } from '../listeners.ts'
import { createRate } from '../rate.ts'
import type { ViewStatus } from '../view.ts'

/** The work of one index. */
export interface Progress {
  /** Told of each step of a phase, and of its end. */
  readonly moved: Listeners<[]>
  readonly phase: 'restoring' | 'rebuilding' | undefined
  readonly now: ViewStatus['progress']
  readonly ratePerSecond: number
  /** Begins a phase, or the same again when it turns out how many rows there are. */
  begin(phase: 'restoring' | 'rebuilding', total: number): void
  /** So large a share of the total is done. */
  reach(share: number): void
  /** So many rows more are done. */
  add(rows: number): void
  end(): void
  /** Rows taken outside of any phase. */
  count(rows: number): void
}

/** Nothing done yet. */
export function createProgress(scheduler: Scheduler): Progress {
  const moved = createListeners<[]>()
  const rate = createRate(() => scheduler.elapsedMs())
  let phase: Progress['phase']
  let done = 0
  let total = 0
  const moveTo = (rows: number): void => {
    rate.note(rows - done)
    done = rows
    total = Math.max(total, done)
    moved.tell()
  }
  return {
    moved,
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
      moved.tell()
    },
    reach: (share) => moveTo(Math.round(total * share)),
    add: (rows) => moveTo(done + rows),
    end() {
      phase = undefined
      moved.tell()
    },
    count: (rows) => rate.note(rows),
  }
}
