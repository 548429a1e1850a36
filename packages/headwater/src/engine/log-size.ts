/**
 * How much the log holds, asked of the store at most once a second and only when its head has moved: a figure to look at,
 * not one to wait for.
 */
import type { Log, Scheduler } from '@headwater/log'

/** The size, as last measured. */
export interface LogSize {
  readonly current: () => Awaited<ReturnType<Log['size']>>
  /** Whether events came since it was measured. */
  readonly isOld: () => boolean
  /** Measures again where that is due, one look at a time; whether it did. Errors: those of `Log.size`. */
  readonly measure: () => Promise<boolean>
}

/** How often it is measured at most. */
export const MEASURE_EVERY_MS = 1_000

/** Measures for the first time. */
export async function measureLog(log: Log, scheduler: Scheduler): Promise<LogSize> {
  let size = await log.size()
  let measuredMs = scheduler.elapsedMs()
  let measuredHead = log.head
  let measuring = false
  const isOld = (): boolean => measuredHead !== log.head
  const isDue = (): boolean => !measuring && isOld() && scheduler.elapsedMs() - measuredMs >= MEASURE_EVERY_MS
  return {
    current: () => size,
    isOld,
    measure: async () => {
      if (!isDue()) return false
      measuring = true
      measuredMs = scheduler.elapsedMs()
      measuredHead = log.head
      try {
        size = await log.size()
      } finally {
        measuring = false
      }
      return true
    },
  }
}
