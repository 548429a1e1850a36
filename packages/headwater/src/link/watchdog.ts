/**
 * The watchdog of a worker: asks it for a sign of life every 4 seconds, and says so when none has come for five times in a row
 * (D4: what hangs is a wait that never ends). A page that slept, or was frozen, finds its timer late: that says nothing of the
 * worker, which slept as well, so counting starts anew.
 */
import type { Timers } from '../seams.ts'

/** How long, and how often. */
export const PING_EVERY_MS = 4_000
export const MOST_MISSED = 5
/** A tick that comes this much later than it was set for was not waited for awake. */
const LATE_MS = 2_000

/** What is known of a worker's silence. */
export interface Silence {
  /** Ticks in a row at which the last ping was not answered. */
  readonly missed: number
  readonly dueMs: number
}

/** After a tick. Pure. */
export function countSilence({ missed, dueMs }: Silence, nowMs: number, isAnswered: boolean): Silence {
  const isLate = nowMs - dueMs > LATE_MS
  return { missed: isAnswered || isLate ? 0 : missed + 1, dueMs: nowMs + PING_EVERY_MS }
}

/**
 * Calls `fail` once, when a worker has not answered for about 20 s. A worker that has ended does not answer either: that ends
 * the watch as well, and says nothing new.
 */
export function watchSilence(
  scheduler: Timers,
  ping: () => Promise<unknown>,
  fail: (why: string) => void,
): void {
  let silence: Silence = { missed: 0, dueMs: scheduler.elapsedMs() + PING_EVERY_MS }
  let isAnswered = true
  const answered = (): void => {
    isAnswered = true
  }
  const ask = (): void => {
    isAnswered = false
    ping().then(answered, answered)
  }
  const tick = (): void => {
    silence = countSilence(silence, scheduler.elapsedMs(), isAnswered)
    if (silence.missed >= MOST_MISSED) fail('it did not answer for 20 s')
    else {
      if (isAnswered) ask()
      scheduler.after(PING_EVERY_MS, tick)
    }
  }
  scheduler.after(PING_EVERY_MS, tick)
}
