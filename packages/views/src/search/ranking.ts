/**
 * Takes the best matches one after the other, best score first, equal scores by key: a binary heap, so that twenty hits
 * out of a hundred thousand matches cost no sorting of all. What has been ranked does not change with the index: dead
 * documents keep their keys and numbers, and compaction leaves the lists that it replaces as they are.
 */

/** An order in which things are taken. */
export interface Ranking<T> {
  readonly remaining: number
  /** The next best; nothing at the end. */
  take(): T | undefined
}

/** Ranks `items`, which it takes over. `isBefore` must be a strict order. */
export function createRanking<T>(items: T[], isBefore: (left: T, right: T) => boolean): Ranking<T> {
  for (let at = (items.length >>> 1) - 1; at >= 0; at--) siftDown(items, at, isBefore)
  return {
    get remaining() {
      return items.length
    },
    take() {
      const first = items[0]
      const last = items.pop()
      if (items.length > 0 && last !== undefined) {
        items[0] = last
        siftDown(items, 0, isBefore)
      }
      return first
    },
  }
}

function siftDown<T>(heap: T[], from: number, isBefore: (left: T, right: T) => boolean): void {
  const item = heap[from]!
  let at = from
  for (;;) {
    let child = at * 2 + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (!isBefore(heap[child]!, item)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = item
}
