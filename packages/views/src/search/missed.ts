/**
 * What an index misses of its table while it is paused: the keys of changed rows, up to a bound. Past it, and when the table
 * started over, it has missed everything: it then finds out from the log, or is made anew.
 */
import type { RowChange } from '../view.ts'

/** What was missed. */
export interface Missed {
  readonly keys: ReadonlySet<string>
  /** More than `keys`. */
  readonly isAll: boolean
  add(changes: readonly RowChange[], all: boolean): void
}

/** Keys that are kept: as many as may wait to be indexed. */
const MOST_KEYS = 100_000

/** Nothing missed yet. */
export function createMissed(): Missed {
  const keys = new Set<string>()
  let isAll = false
  return {
    keys,
    get isAll() {
      return isAll
    },
    add(changes, all) {
      for (const { key } of changes) keys.add(key)
      if (!all && keys.size <= MOST_KEYS) return
      isAll = true
      keys.clear()
    },
  }
}
