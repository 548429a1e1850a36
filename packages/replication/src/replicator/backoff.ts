/**
 * How long to wait before the next connection: exponential backoff with full jitter, so that a hub that comes back is not
 * met by all its clients at once. After M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
import type { Random } from '@headwater/log'
import type { End } from '../session/state.ts'

/** The first wait is between 0 and this; each failure doubles it. */
export const FIRST_WAIT_MS = 500
/** Waits are never above this. */
export const MAX_WAIT_MS = 30_000
/** So many connections in a row may follow at once, when something was resolved; then they wait like others. */
export const MAX_AT_ONCE = 5

/** How connecting went lately. */
export interface Attempts {
  /** Failures since something last went well. */
  readonly failures: number
  /** Connections that followed at once since the last wait. */
  readonly atOnce: number
}

/** Before any failure. */
export const NO_ATTEMPTS: Attempts = { failures: 0, atOnce: 0 }

/** The wait after an end, and what to remember of it. */
export function waitAfter(
  attempts: Attempts,
  again: Exclude<End['again'], 'never'>,
  random: Random,
): { readonly waitMs: number; readonly attempts: Attempts } {
  if (again === 'now' && attempts.atOnce < MAX_AT_ONCE)
    return { waitMs: 0, attempts: { ...attempts, atOnce: attempts.atOnce + 1 } }
  const mostMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts.failures, 16))
  return { waitMs: chance(random) * mostMs, attempts: { failures: attempts.failures + 1, atOnce: 0 } }
}

/** Remembers how connecting went. */
export interface Pace {
  /** The wait after an end. */
  readonly waitMs: (again: Exclude<End['again'], 'never'>) => number
  /** All that either side held is with both. */
  readonly wentWell: () => void
  /** As before any failure. */
  readonly forget: () => void
}

/** Begins without a failure. */
export function createPace(random: Random): Pace {
  let attempts = NO_ATTEMPTS
  return {
    waitMs: (again) => {
      const next = waitAfter(attempts, again, random)
      attempts = next.attempts
      return next.waitMs
    },
    wentWell: () => {
      attempts = { ...attempts, failures: 0 }
    },
    forget: () => {
      attempts = NO_ATTEMPTS
    },
  }
}

/** From 0 up to 1. */
function chance(random: Random): number {
  const [a = 0, b = 0, c = 0] = random.bytes(3)
  return (a * 65_536 + b * 256 + c) / 16_777_216
}
