/**
 * Cursors over one layer of a map, in either direction, within bounds; and the merge of several, in which the newest
 * layer that has a key decides on it. A cursor over a base is *blocked* at a page that is not in memory.
 */
import type { Json } from '@headwater/log'
import type { BaseMap } from './base.ts'
import { type Bounds, isAbove, isBelow } from './bounds.ts'
import type { OverlayMap } from './overlay.ts'
import type { Page } from './page.ts'
import type { KeyPlace, SortedKeys } from './sorted-keys.ts'
import { lowerBound, upperBound } from './sorted-search.ts'

/** A place among the entries of a layer. */
export interface Cursor {
  /** Nothing at the end, and while blocked. */
  readonly key: string | undefined
  /** Nothing where the key is deleted. */
  readonly value: Json | undefined
  readonly blocked: boolean
  advance(): void
  /** Passes whole pages at once, at most `most` entries, none of them as far as `until`; answers how many it passed. */
  pass?(most: number, until: string | undefined): number
}

/** Finds a page in memory, or notes that it is missing. */
export type FindPage = (map: BaseMap, index: number, bounds: Bounds, reverse: boolean) => Page | undefined

/** Visits what the layers hold together, in order; `cursors` from the newest layer to the oldest. */
export function visitMerged(
  cursors: readonly Cursor[],
  reverse: boolean,
  visit: (key: string, value: Json | undefined) => unknown,
): void {
  for (;;) {
    const next = nearestOf(cursors, reverse)
    const key = next?.key
    if (key === undefined || visit(key, next!.value) === false) return
    for (const cursor of cursors) if (cursor.key === key) cursor.advance()
  }
}

/**
 * Moves the cursors past the first `count` entries that the layers hold together. What lies in pages that no other layer
 * touches is passed by their counts, without reading them.
 */
export function skipMerged(cursors: readonly Cursor[], reverse: boolean, count: number): void {
  const base = cursors.at(-1)
  const above = cursors.slice(0, -1)
  for (let left = count; left > 0; ) {
    left -= base?.pass?.(left, nearestOf(above, reverse)?.key) ?? 0
    const next = left > 0 ? nearestOf(cursors, reverse) : undefined
    const key = next?.key
    if (key === undefined) return
    if (next!.value !== undefined) left--
    for (const cursor of cursors) if (cursor.key === key) cursor.advance()
  }
}

/** Of the cursors at the next key the one of the newest layer; none at the end, and while one is blocked. */
function nearestOf(cursors: readonly Cursor[], reverse: boolean): Cursor | undefined {
  let next: Cursor | undefined
  for (const cursor of cursors) {
    if (cursor.blocked) return undefined
    if (cursor.key !== undefined && isAhead(cursor.key, next?.key, reverse)) next = cursor
  }
  return next
}

function isAhead(key: string, other: string | undefined, reverse: boolean): boolean {
  return other === undefined || (reverse ? key > other : key < other)
}

/** Over the changes of a layer. */
export class OverlayCursor implements Cursor {
  readonly blocked = false
  key: string | undefined
  readonly #changes: OverlayMap
  readonly #sorted: SortedKeys
  readonly #bounds: Bounds
  readonly #reverse: boolean
  readonly #place: KeyPlace

  constructor(changes: OverlayMap, bounds: Bounds, reverse: boolean) {
    this.#changes = changes
    this.#sorted = changes.sorted()
    this.#bounds = bounds
    this.#reverse = reverse
    this.#place = reverse ? this.#highest() : this.#lowest()
    if (reverse && !this.#sorted.backward(this.#place)) this.key = undefined
    else this.#settle()
  }

  get value(): Json | undefined {
    return this.#changes.entries.get(this.key!)!.value
  }

  advance(): void {
    if (!this.#reverse) this.#sorted.forward(this.#place)
    else if (!this.#sorted.backward(this.#place)) {
      this.key = undefined
      return
    }
    this.#settle()
  }

  #lowest(): KeyPlace {
    const { low, lowExclusive } = this.#bounds
    return low === undefined ? this.#sorted.start() : this.#sorted.seek(low, lowExclusive)
  }

  #highest(): KeyPlace {
    const { high, highExclusive } = this.#bounds
    return high === undefined ? this.#sorted.end() : this.#sorted.seek(high, !highExclusive)
  }

  #settle(): void {
    const key = this.#sorted.keyAt(this.#place)
    const past = key === undefined || (this.#reverse ? isBelow : isAbove)(this.#bounds, key)
    this.key = past ? undefined : key
  }
}

/** Over the pages of a base. */
export class BaseCursor implements Cursor {
  key: string | undefined
  value: Json | undefined
  blocked = false
  readonly #map: BaseMap
  readonly #find: FindPage
  readonly #bounds: Bounds
  readonly #reverse: boolean
  #index: number
  #at = 0
  #page: Page | undefined

  constructor(map: BaseMap, find: FindPage, bounds: Bounds, reverse: boolean) {
    this.#map = map
    this.#find = find
    this.#bounds = bounds
    this.#reverse = reverse
    this.#index = reverse ? lastPageIn(map, bounds) : firstPageIn(map, bounds)
    this.#turn(true)
  }

  advance(): void {
    this.#at += this.#reverse ? -1 : 1
    this.#settle()
  }

  pass(most: number, until: string | undefined): number {
    if (this.key === undefined) return 0
    const { counts } = this.#map
    let passed = 0
    let inPage = this.#reverse ? this.#at + 1 : this.#page!.keys.length - this.#at
    while (passed + inPage <= most && this.#liesBefore(until)) {
      passed += inPage
      this.#index += this.#reverse ? -1 : 1
      inPage = counts[this.#index]!
    }
    if (passed > 0) this.#turn(false)
    return passed
  }

  /** Whether the whole page at the index lies within the bounds and before `until`, and another page follows. */
  #liesBefore(until: string | undefined): boolean {
    const { firsts } = this.#map
    const edge = firsts[this.#reverse ? this.#index : this.#index + 1]
    if (edge === undefined) return false
    if (!this.#reverse) return !isAbove(this.#bounds, edge) && (until === undefined || edge <= until)
    return this.#index > 0 && !isBelow(this.#bounds, edge) && (until === undefined || edge > until)
  }

  /** Takes up the page at the index, at its near end, or where the bounds begin. */
  #turn(bounded: boolean): void {
    this.#page = this.#isInside()
      ? this.#find(this.#map, this.#index, this.#bounds, this.#reverse)
      : undefined
    if (this.#page === undefined) {
      this.blocked = this.#isInside()
      this.key = undefined
      return
    }
    const { keys } = this.#page
    if (this.#reverse) this.#at = (bounded ? endInPage(keys, this.#bounds) : keys.length) - 1
    else this.#at = bounded ? startInPage(keys, this.#bounds) : 0
    this.#settle()
  }

  /** Whether the page at the index can hold a key within the bounds. */
  #isInside(): boolean {
    const { firsts } = this.#map
    const first = firsts[this.#index]
    if (first === undefined) return false
    if (!this.#reverse) return !isAbove(this.#bounds, first)
    const end = firsts[this.#index + 1]
    return end === undefined || this.#bounds.low === undefined || end > this.#bounds.low
  }

  #settle(): void {
    const key = this.#page!.keys[this.#at]
    if (key === undefined) {
      this.#index += this.#reverse ? -1 : 1
      this.#turn(false)
      return
    }
    const past = (this.#reverse ? isBelow : isAbove)(this.#bounds, key)
    this.key = past ? undefined : key
    this.value = past ? undefined : this.#page!.values[this.#at]
  }
}

/** Index of the first page that can hold a key within the bounds. */
export function firstPageIn(map: BaseMap, { low }: Bounds): number {
  return low === undefined ? 0 : Math.max(0, upperBound(map.firsts, low) - 1)
}

/** Index of the last page that can; -1 when none can. */
export function lastPageIn(map: BaseMap, { high, highExclusive }: Bounds): number {
  if (high === undefined) return map.firsts.length - 1
  return (highExclusive ? lowerBound : upperBound)(map.firsts, high) - 1
}

/** Where the bounds begin among a page's keys. */
export function startInPage(keys: readonly string[], { low, lowExclusive }: Bounds): number {
  if (low === undefined) return 0
  return (lowExclusive ? upperBound : lowerBound)(keys, low)
}

/** Where the bounds end among a page's keys: the first one above them. */
export function endInPage(keys: readonly string[], { high, highExclusive }: Bounds): number {
  if (high === undefined) return keys.length
  return (highExclusive ? lowerBound : upperBound)(keys, high)
}
