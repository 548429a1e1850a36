/**
 * The `StateReader` of one read: looks through the layers, and notes the pages that are not in memory, so that they are
 * fetched together before the attempt runs again. Pages fetched for a read are held for as long as it lasts, so that
 * no eviction can make it go round for ever; a range notes more pages ahead in each round, so that rounds stay few.
 */
import type { Json } from '@headwater/log'
import type { BaseMap } from './base.ts'
import { pageOf } from './base.ts'
import type { PageId } from './base-store.ts'
import { type Bounds, boundsOf, isAbove, isBelow } from './bounds.ts'
import {
  BaseCursor,
  type Cursor,
  endInPage,
  firstPageIn,
  lastPageIn,
  OverlayCursor,
  skipMerged,
  startInPage,
  visitMerged,
} from './cursor.ts'
import type { Page } from './page.ts'
import type { KeyRange, StateReader } from './paged-state.ts'
import { lowerBound } from './sorted-search.ts'
import { layersOf, type StateCore, visibleBase } from './state-core.ts'

/** A page that is to be fetched, and what the manifest says about it. */
export interface NotedPage {
  readonly id: PageId
  readonly first: string
  readonly count: number
}

const FIRST_AHEAD = 2
const AHEAD_GROWTH = 4
const MOST_AHEAD = 512
const WHOLE: Bounds = boundsOf({})

/** The reader. */
export class LayeredReader implements StateReader {
  readonly #core: StateCore
  #noted: NotedPage[] = []
  #held: Map<PageId, Page> | undefined
  #ahead = FIRST_AHEAD

  constructor(core: StateCore) {
    this.#core = core
  }

  get incomplete(): boolean {
    return this.#noted.length > 0
  }

  get(map: string, key: string): Json | undefined {
    const { overlay, sealed } = this.#core
    const newest = overlay.maps.get(map)
    const entry = newest?.entries.get(key)
    if (entry !== undefined) return entry.value
    if (newest?.hidesBelow) return undefined
    for (const { maps } of sealed) {
      const older = maps.get(map)
      const olderEntry = older?.entries.get(key)
      if (olderEntry !== undefined) return olderEntry.value
      if (older?.hidesBelow) return undefined
    }
    return this.#getFromBase(map, key)
  }

  range(map: string, range: KeyRange, visit: (key: string, value: Json) => unknown): void {
    const reverse = range.reverse === true
    const bounds = boundsOf(range)
    const cursors = this.#overlayCursors(map, bounds, reverse)
    const base = visibleBase(this.#core, map)
    if (base !== undefined) cursors.push(new BaseCursor(base, this.#findPage, bounds, reverse))
    skipMerged(cursors, reverse, range.skip ?? 0)
    visitMerged(cursors, reverse, (key, value) => (value === undefined ? undefined : visit(key, value)))
  }

  count(map: string, range: KeyRange): number {
    const bounds = boundsOf(range)
    const base = visibleBase(this.#core, map)
    let count = base === undefined ? 0 : this.#countInBase(base, bounds)
    visitMerged(this.#overlayCursors(map, bounds, false), false, (key, value) => {
      const before = base !== undefined && this.#findInBase(base, key) !== undefined
      count += Number(value !== undefined) - Number(before)
    })
    return count
  }

  /** The pages noted since the last round; the next one notes more ahead. */
  takeNoted(): readonly NotedPage[] {
    const noted = this.#noted
    this.#noted = []
    this.#ahead = Math.min(this.#ahead * AHEAD_GROWTH, MOST_AHEAD)
    return noted
  }

  /** Keeps a fetched page until the read ends. */
  hold(id: PageId, page: Page): void {
    this.#held ??= new Map()
    this.#held.set(id, page)
  }

  #getFromBase(map: string, key: string): Json | undefined {
    const base = this.#core.base.maps.get(map)
    return base === undefined ? undefined : this.#findInBase(base, key)
  }

  #findInBase(base: BaseMap, key: string): Json | undefined {
    const index = pageOf(base, key)
    if (index < 0) return undefined
    const page = this.#pageInMemory(base.ids[index]!)
    if (page === undefined) {
      this.#note(base, index)
      return undefined
    }
    const at = lowerBound(page.keys, key)
    return page.keys[at] === key ? page.values[at] : undefined
  }

  #countInBase(base: BaseMap, bounds: Bounds): number {
    const from = firstPageIn(base, bounds)
    const to = lastPageIn(base, bounds)
    let count = 0
    for (let index = from; index <= to; index++) count += base.counts[index]!
    if (from > to) return 0
    if (isBelow(bounds, base.firsts[from]!)) count -= startInPage(this.#keysOf(base, from), bounds)
    if (bounds.high !== undefined) count -= base.counts[to]! - endInPage(this.#keysOf(base, to), bounds)
    return Math.max(0, count)
  }

  #keysOf(base: BaseMap, index: number): readonly string[] {
    return this.#findPage(base, index, WHOLE, false, 1)?.keys ?? []
  }

  #overlayCursors(map: string, bounds: Bounds, reverse: boolean): Cursor[] {
    const cursors: Cursor[] = []
    for (const layer of layersOf(this.#core, map)) {
      if (layer.entries.size > 0) cursors.push(new OverlayCursor(layer, bounds, reverse))
    }
    return cursors
  }

  readonly #findPage = (
    map: BaseMap,
    index: number,
    bounds: Bounds,
    reverse: boolean,
    most?: number,
  ): Page | undefined => {
    const page = this.#pageInMemory(map.ids[index]!)
    if (page === undefined) this.#noteAhead(map, index, bounds, reverse, most ?? this.#ahead)
    return page
  }

  #pageInMemory(id: PageId): Page | undefined {
    return this.#held?.get(id) ?? this.#core.options.cache.get(id)
  }

  #note(map: BaseMap, index: number): void {
    this.#noted.push({ id: map.ids[index]!, first: map.firsts[index]!, count: map.counts[index]! })
  }

  #noteAhead(map: BaseMap, start: number, bounds: Bounds, reverse: boolean, most: number): void {
    const step = reverse ? -1 : 1
    for (let index = start, noted = 0; noted < most; index += step, noted++) {
      const first = map.firsts[index]
      if (first === undefined || (noted > 0 && !reverse && isAbove(bounds, first))) return
      if (this.#pageInMemory(map.ids[index]!) === undefined) this.#note(map, index)
      if (reverse && isBelow(bounds, first)) return
    }
  }
}
