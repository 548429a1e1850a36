/**
 * The hybrid logical clock as pure functions: wall milliseconds × 1,024 plus a counter, in one safe integer. Local stamps
 * strictly increase whatever the wall clock does (L4) and are never refused; only foreign stamps are held against a bound.
 *
 * After S. Kulkarni et al., "Logical Physical Clocks", OPODIS 2014, with the counter's overflow carried into the
 * milliseconds instead of a second field.
 */
import { assert } from './assert.ts'
import type { Timestamp } from './identity.ts'

/** Counter values in a millisecond. */
export const TICKS_PER_MS = 1_024
/** How far ahead of the wall clock a foreign stamp may be. */
export const MAX_DRIFT_MS = 86_400_000

/** Before every stamp. */
export const NO_TIME = 0 as Timestamp

/** The next local stamp after `previous`, at wall time `nowMs`. */
export function nextTimestamp(previous: Timestamp, nowMs: number): Timestamp {
  const wall = Math.max(0, Math.floor(nowMs)) * TICKS_PER_MS
  const next = Math.max(wall, previous + 1)
  assert(Number.isSafeInteger(next), 'a timestamp is a safe integer')
  return next as Timestamp
}

/** The clock's high-water mark after a foreign stamp was seen. */
export function laterTimestamp(a: Timestamp, b: Timestamp): Timestamp {
  return a > b ? a : b
}

/**
 * Where the clock starts again when stamps were refused for being ahead: behind what was seen, but not beyond the time that the
 * new stamps are to show. What was seen may be ahead itself, until its author writes it anew.
 */
export function restartedClock(seen: Timestamp, nowMs: number): Timestamp {
  const now = msToTimestamp(nowMs)
  return seen < now ? seen : now
}

/** Whether a foreign stamp is too far ahead of wall time `nowMs`. */
export function isTooFarAhead(foreign: Timestamp, nowMs: number, maxDriftMs: number = MAX_DRIFT_MS): boolean {
  return timestampToMs(foreign) > nowMs + maxDriftMs
}

/** Wall milliseconds of a stamp. */
export function timestampToMs(timestamp: Timestamp): number {
  return Math.floor(timestamp / TICKS_PER_MS)
}

/** The first stamp of a wall millisecond. */
export function msToTimestamp(ms: number): Timestamp {
  return nextTimestamp(NO_TIME, ms)
}
