/**
 * When work that nobody waits for may take its next slice: once nothing was folded for a few milliseconds. Whoever appends
 * one event after another would else meet a slice at each turn that an event takes on its way to a live answer. The wait
 * is bounded, so that what is stored under a steady stream of events is slow, and never starved.
 */
import type { Scheduler } from '@headwater/log'

/** The calm of one view group. */
export interface Calm {
  /** Events were folded. */
  noteFold(): void
  /** Nothing when it is calm now, else resolves when it is, or after a bounded wait. */
  reached(): Promise<void> | undefined
  /** Milliseconds waited for it so far, which is no work. */
  readonly waitedMs: number
}

/** An event on its way to a live answer is folded within this time after the one before, when they come at full speed. */
const CALM_MS = 8
const MOST_WAIT_MS = 50

/** Calm by the time of the last fold. */
export function createCalm(scheduler: Pick<Scheduler, 'elapsedMs' | 'after'>): Calm {
  let foldedAt = Number.NEGATIVE_INFINITY
  let waitedMs = 0
  const calmAt = (): number => foldedAt + CALM_MS
  const waitUntilCalm = async (startedAt: number): Promise<void> => {
    const latest = startedAt + MOST_WAIT_MS
    for (let now = startedAt; now < Math.min(calmAt(), latest); now = scheduler.elapsedMs()) {
      const delayMs = Math.min(calmAt(), latest) - now
      await new Promise<void>((resolve) => {
        scheduler.after(delayMs, resolve)
      })
    }
    waitedMs += scheduler.elapsedMs() - startedAt
  }
  return {
    noteFold() {
      foldedAt = scheduler.elapsedMs()
    },
    reached() {
      const now = scheduler.elapsedMs()
      return now < calmAt() ? waitUntilCalm(now) : undefined
    },
    get waitedMs() {
      return waitedMs
    },
  }
}
