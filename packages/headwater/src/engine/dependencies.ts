/**
 * Whether a change concerns an answer: the answer depends on intervals of keys, the change names the keys that it
 * touched, both by map. The naive twin compares every key with every interval.
 */
import type { Changes, Dependency } from '@headwater/views'

/** Whether any of the touched keys lies in any of the intervals. Keys of a change are ascending. */
export function isTouched(
  dependencies: readonly Dependency[],
  changes: Pick<Changes, 'all' | 'keys'>,
): boolean {
  if (changes.all) return true
  return dependencies.some(({ map, from, to }) => {
    const keys = changes.keys.get(map)
    if (keys === undefined) return false
    const first = keys[firstAtLeast(keys, from)]
    return first !== undefined && first <= to
  })
}

/** The place of the first key at or above `from`. */
function firstAtLeast(keys: readonly string[], from: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] ?? '') < from) low = middle + 1
    else high = middle
  }
  return low
}
