/**
 * A sorted list of distinct strings that grows by single keys at the cost of a binary search: chunks of at most 1,024
 * keys, split in two when they are full. Adding in ascending order, as folds of a log mostly do, only appends.
 */
import { assert } from '@headwater/log'
import { lowerBound, upperBound } from './sorted-search.ts'

const CHUNK_KEYS = 1024

/** A place in the list; only good until the next `add`. */
export interface KeyPlace {
  chunk: number
  at: number
}

/** The list. */
export class SortedKeys {
  readonly #chunks: string[][] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Adds a key that is not in the list. */
  add(key: string): void {
    this.#size++
    const chunks = this.#chunks
    const last = chunks.at(-1)
    if (last === undefined) chunks.push([key])
    else if (key > last.at(-1)!) this.#append(last, key)
    else this.#insert(this.#chunkOf(key), key)
  }

  /** The first key that is not below `key`; above it when `after`. */
  seek(key: string, after: boolean): KeyPlace {
    const chunk = this.#chunkOf(key)
    const keys = this.#chunks[chunk]
    if (keys === undefined) return { chunk, at: 0 }
    const at = after ? upperBound(keys, key) : lowerBound(keys, key)
    return at === keys.length ? { chunk: chunk + 1, at: 0 } : { chunk, at }
  }

  start(): KeyPlace {
    return { chunk: 0, at: 0 }
  }

  end(): KeyPlace {
    return { chunk: this.#chunks.length, at: 0 }
  }

  /** The key at a place; nothing at the end. */
  keyAt(place: KeyPlace): string | undefined {
    return this.#chunks[place.chunk]?.[place.at]
  }

  forward(place: KeyPlace): void {
    if (++place.at < this.#chunks[place.chunk]!.length) return
    place.chunk++
    place.at = 0
  }

  /** One back; false when there is none before. */
  backward(place: KeyPlace): boolean {
    if (place.at > 0) {
      place.at--
      return true
    }
    if (place.chunk === 0) return false
    place.chunk--
    place.at = this.#chunks[place.chunk]!.length - 1
    return true
  }

  /** Index of the last chunk that begins at or below `key`; the first one when none does. */
  #chunkOf(key: string): number {
    const chunks = this.#chunks
    let low = 0
    let high = chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (chunks[middle]![0]! <= key) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : low - 1
  }

  #append(last: string[], key: string): void {
    if (last.length < CHUNK_KEYS) last.push(key)
    else this.#chunks.push([key])
  }

  #insert(index: number, key: string): void {
    const keys = this.#chunks[index]!
    const at = lowerBound(keys, key)
    assert(keys[at] !== key, 'a key is added to the order once')
    keys.splice(at, 0, key)
    if (keys.length > CHUNK_KEYS) this.#chunks.splice(index + 1, 0, keys.splice(CHUNK_KEYS >>> 1))
  }
}
