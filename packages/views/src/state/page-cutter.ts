/**
 * Cuts a stream of entries, in key order, into pages of about one full load. In the middle of a map, the last two pages
 * of a run share what is left evenly, so that both have room to grow; at the end of a map all but the last are full,
 * for maps that grow at their end.
 */
import type { Json } from '@headwater/log'
import { entryLoad, FULL_LOAD } from './page.ts'

const SMALL_LOAD = FULL_LOAD / 4

/** The cutter. */
export class PageCutter {
  readonly #emit: (keys: readonly string[], values: readonly Json[]) => void
  #keys: string[] = []
  #values: Json[] = []
  #loads: number[] = []
  #load = 0

  constructor(emit: (keys: readonly string[], values: readonly Json[]) => void) {
    this.#emit = emit
  }

  /** Adds the next entry, of about `bytes`. */
  add(key: string, value: Json, bytes: number): void {
    const load = entryLoad(bytes)
    this.#keys.push(key)
    this.#values.push(value)
    this.#loads.push(load)
    this.#load += load
    while (this.#load >= 2 * FULL_LOAD && this.#keys.length > 1) this.#cut(FULL_LOAD)
  }

  /** Whether what waits is too small for a page of its own, and a neighbour of this load fits in with it. */
  wants(neighbourLoad: number): boolean {
    if (this.#load === 0 || this.#load + neighbourLoad > FULL_LOAD) return false
    return this.#load < SMALL_LOAD || neighbourLoad < SMALL_LOAD
  }

  /** Ends a run of entries: what follows is a page that stays as it is, or nothing (`atEnd`). */
  end(atEnd: boolean): void {
    while (this.#load > FULL_LOAD && this.#keys.length > 1) this.#cut(atEnd ? FULL_LOAD : this.#load / 2)
    if (this.#keys.length > 0) this.#cut(Number.POSITIVE_INFINITY)
  }

  /** Emits as many entries as the limit takes, one at least. */
  #cut(limit: number): void {
    let count = 1
    let load = this.#loads[0]!
    while (count < this.#keys.length && load + this.#loads[count]! <= limit) load += this.#loads[count++]!
    this.#load -= load
    this.#loads.splice(0, count)
    this.#emit(this.#keys.splice(0, count), this.#values.splice(0, count))
  }
}

/** Whether a page is so small that it should go into a neighbour that is written anyway. */
export function isSmallLoad(load: number): boolean {
  return load < SMALL_LOAD
}
