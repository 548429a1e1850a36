/**
 * Things to do soon, once, however often they are asked for in the meantime.
 */
import type { Scheduler } from '@headwater/log'

/** Something to do soon. */
export interface Gathered {
  readonly soon: () => void
  readonly close: () => void
}

/**
 * Runs `work` when asked: at once when the last run lies `everyMs` back, else when it does; `leastMs` is the least wait, for
 * what comes in bursts.
 */
export function createGathered(
  scheduler: Scheduler,
  bounds: { readonly everyMs: number; readonly leastMs: number },
  work: () => void,
): Gathered {
  let ranMs = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | undefined
  return {
    soon: () => {
      const waitMs = Math.max(bounds.leastMs, ranMs + bounds.everyMs - scheduler.elapsedMs())
      cancel ??= scheduler.after(waitMs, () => {
        cancel = undefined
        ranMs = scheduler.elapsedMs()
        work()
      })
    },
    close: () => cancel?.(),
  }
}
