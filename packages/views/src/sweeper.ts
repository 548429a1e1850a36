/**
 * Sweeps the store of bases now and then, in the tab that leads: after something was stored and everything has come to
 * rest, at most once in half a minute. What storage refuses is left for the next time.
 */
import type { Scheduler } from '@headwater/log'
import { type SweepOptions, sweep } from './state/sweep.ts'

/** The sweeper. */
export interface Sweeper {
  /** Something was stored: there may be something to free. */
  noteStored(): void
  /** This tab leads and has nothing to store. */
  rest(): void
  /** Sweeps at once. Rejects with what storage refuses. */
  now(): Promise<void>
  /** Resolves when no sweep is under way. */
  stop(): Promise<void>
}

const PAUSE_MS = 30_000

/** A sweeper of this store. */
export function createSweeper(
  options: SweepOptions,
  scheduler: Scheduler,
  failed: (error: unknown) => void,
): Sweeper {
  let mayFree = true
  let nextAt = scheduler.elapsedMs()
  let running: Promise<void> = Promise.resolve()
  let stopped = false
  return {
    noteStored() {
      mayFree = true
    },
    rest() {
      if (stopped || !mayFree || scheduler.elapsedMs() < nextAt) return
      mayFree = false
      nextAt = scheduler.elapsedMs() + PAUSE_MS
      running = sweep(options).then(() => undefined, failed)
    },
    async now() {
      await sweep(options)
    },
    stop() {
      stopped = true
      return running
    },
  }
}
