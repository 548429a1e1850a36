/**
 * Waiting that can be ended early: for a time, or until somebody wakes the sleeper.
 */
import type { Scheduler } from '@headwater/log'

/** Sleeps one at a time. */
export interface Sleeper {
  /** Resolves after so many milliseconds, or without them only when woken. */
  sleep(ms?: number): Promise<void>
  /** Ends the sleep that there is. */
  readonly wake: () => void
}

/** Creates a sleeper that is awake. */
export function createSleeper(scheduler: Scheduler): Sleeper {
  let wake = (): void => undefined
  return {
    sleep: async (ms) => {
      let cancel = (): void => undefined
      await new Promise<void>((resolve) => {
        wake = resolve
        if (ms !== undefined) cancel = scheduler.after(ms, resolve)
      })
      cancel()
    },
    wake: () => wake(),
  }
}
