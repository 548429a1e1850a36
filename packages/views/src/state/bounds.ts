/**
 * The bounds of a range in one spelling, however the caller gave them: at most one lower and one upper bound, each
 * inclusive or not.
 */
import type { KeyRange } from './paged-state.ts'

/** Bounds; a key that is not given bounds nothing. */
export interface Bounds {
  readonly low: string | undefined
  readonly lowExclusive: boolean
  readonly high: string | undefined
  readonly highExclusive: boolean
}

/** The tighter of the bounds that a range gives. */
export function boundsOf({ gte, gt, lte, lt }: KeyRange): Bounds {
  const lowExclusive = gt !== undefined && (gte === undefined || gt >= gte)
  const highExclusive = lt !== undefined && (lte === undefined || lt <= lte)
  return { low: lowExclusive ? gt : gte, lowExclusive, high: highExclusive ? lt : lte, highExclusive }
}

/** Whether a key lies below the bounds. */
export function isBelow(bounds: Bounds, key: string): boolean {
  return bounds.low !== undefined && (bounds.lowExclusive ? key <= bounds.low : key < bounds.low)
}

/** Whether a key lies above the bounds. */
export function isAbove(bounds: Bounds, key: string): boolean {
  return bounds.high !== undefined && (bounds.highExclusive ? key >= bounds.high : key > bounds.high)
}
