/**
 * What changed since the base, in memory: by map, the entries set or deleted, each with the offset that last changed
 * it. Writing is a hash map's speed: the order of the keys is kept up lazily, only over what is new, when a range or a
 * checkpoint asks for it. An entry is never changed, only replaced.
 */
import type { Json, Offset } from '@headwater/log'
import { SortedKeys } from './sorted-keys.ts'

/** The newest change of one key. */
export interface OverlayEntry {
  /** Nothing: the key was deleted. */
  readonly value: Json | undefined
  readonly offset: Offset
  readonly bytes: number
}

/** The changes of one map. */
export class OverlayMap {
  /** True once the map was cleared: what lies below is no longer part of it. */
  readonly hidesBelow: boolean
  readonly entries: Map<string, OverlayEntry> = new Map()
  readonly #sorted = new SortedKeys()
  #unsorted: string[] = []

  constructor(hidesBelow: boolean) {
    this.hidesBelow = hidesBelow
  }

  /** Sets or deletes; returns by how much the bytes held have grown. */
  write(key: string, entry: OverlayEntry): number {
    const before = this.entries.get(key)
    this.entries.set(key, entry)
    if (before !== undefined) return entry.bytes - before.bytes
    this.#unsorted.push(key)
    return entry.bytes
  }

  /** All keys in order. */
  sorted(): SortedKeys {
    if (this.#unsorted.length > 0) this.sortSome(this.#unsorted.length)
    return this.#sorted
  }

  /** Puts at most `limit` of the new keys in order; true when none is left. */
  sortSome(limit: number): boolean {
    const some = this.#unsorted.splice(0, limit) // the oldest first: what was written in order is only appended
    some.sort()
    for (const key of some) this.#sorted.add(key)
    return this.#unsorted.length === 0
  }
}

/** The changes of all maps. */
export class Overlay {
  readonly maps: Map<string, OverlayMap> = new Map()
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.maps.size === 0
  }

  write(map: string, key: string, entry: OverlayEntry): void {
    let changes = this.maps.get(map)
    if (changes === undefined) {
      changes = new OverlayMap(false)
      this.maps.set(map, changes)
    }
    this.#bytes += changes.write(key, entry)
  }

  /** Forgets a map's changes and hides whatever lies below it. */
  clear(map: string): void {
    this.#replace(map, new OverlayMap(true))
  }

  /**
   * Forgets the changes up to an offset, which a newer base holds. Maps cleared here stay whole: what the other base
   * has under their name may be from before the clearing.
   */
  dropUpTo(offset: Offset): void {
    for (const [name, changes] of this.maps) {
      if (changes.hidesBelow) continue
      const rest = new OverlayMap(false)
      for (const [key, entry] of changes.entries) if (entry.offset > offset) rest.write(key, entry)
      this.#replace(name, rest)
      if (rest.entries.size === 0) this.maps.delete(name)
    }
  }

  /** Lays newer changes over these. */
  absorb(newer: Overlay): void {
    for (const [name, changes] of newer.maps) {
      if (changes.hidesBelow || !this.maps.has(name)) this.#replace(name, changes)
      else for (const [key, entry] of changes.entries) this.write(name, key, entry)
    }
  }

  #replace(name: string, changes: OverlayMap): void {
    for (const entry of this.maps.get(name)?.entries.values() ?? []) this.#bytes -= entry.bytes
    for (const entry of changes.entries.values()) this.#bytes += entry.bytes
    this.maps.set(name, changes)
  }
}
