// One object store as it lies on the disk: values by key, in key order, and a key generator. Every change says how it is
// taken back, so that an aborted transaction and a machine that loses its latest writes are the same thing: changes undone
// from the newest back.

import { compareKeys, type Key, type SimKeyRange } from './keys.ts'

/** A record. */
export interface Entry {
  readonly key: Key
  readonly value: unknown
}

/** Takes a change back. */
export type Undo = () => void

/** The records of one object store. Values are kept and given as they are: who hands them over clones them. */
export interface Records {
  readonly autoIncrement: boolean
  /** Key paths by index name. */
  readonly indexes: Map<string, string>
  get(key: Key): Entry | undefined
  /** Entries of a range in key order. */
  list(range: SimKeyRange | undefined): readonly Entry[]
  /** The nearest entry in a range: the first, or the last. */
  edge(range: SimKeyRange | undefined, direction: 'next' | 'prev'): Entry | undefined
  put(key: Key, value: unknown): Undo
  remove(range: SimKeyRange | undefined): Undo
  /** A fresh key. */
  generate(): { readonly key: number; readonly undo: Undo }
  /** Takes note that a key was given by hand. */
  raise(key: Key): Undo
}

export function createRecords(autoIncrement = false): Records {
  const entries: Entry[] = []
  let nextKey = 1

  const placeOf = (key: Key): number => {
    let [low, high] = [0, entries.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(entries[middle]!.key, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
  const holds = (place: number, key: Key): boolean => entries[place]?.key === key
  const firstOf = ({ lower, lowerOpen }: SimKeyRange): number => {
    if (lower === undefined) return 0
    const place = placeOf(lower)
    return lowerOpen && holds(place, lower) ? place + 1 : place
  }
  const endOf = ({ upper, upperOpen }: SimKeyRange): number => {
    if (upper === undefined) return entries.length
    const place = placeOf(upper)
    return !upperOpen && holds(place, upper) ? place + 1 : place
  }
  const slice = (range: SimKeyRange | undefined): readonly [from: number, to: number] => {
    if (!range) return [0, entries.length]
    const from = firstOf(range)
    return [from, Math.max(from, endOf(range))]
  }
  const setNextKey = (to: number): Undo => {
    const before = nextKey
    nextKey = to
    return () => {
      nextKey = before
    }
  }

  return {
    autoIncrement,
    indexes: new Map(),
    get: (key) => (holds(placeOf(key), key) ? entries[placeOf(key)] : undefined),
    list: (range) => entries.slice(...slice(range)),
    edge: (range, direction) => {
      const [from, to] = slice(range)
      return from === to ? undefined : entries[direction === 'next' ? from : to - 1]
    },
    put: (key, value) => {
      const place = placeOf(key)
      const before = holds(place, key) ? entries[place] : undefined
      entries.splice(place, before ? 1 : 0, { key, value })
      return () => {
        entries.splice(placeOf(key), 1, ...(before ? [before] : []))
      }
    },
    remove: (range) => {
      const [from, to] = slice(range)
      const removed = entries.splice(from, to - from)
      return () => {
        for (const entry of removed) entries.splice(placeOf(entry.key), 0, entry)
      }
    },
    generate: () => ({ key: nextKey, undo: setNextKey(nextKey + 1) }),
    raise: (key) => setNextKey(typeof key === 'number' && key >= nextKey ? Math.floor(key) + 1 : nextKey),
  }
}

/** Entries of an index in its order: the indexed value, and the record. */
export interface IndexEntry {
  readonly key: Key
  readonly record: Entry
}

/** The entries of an index, reckoned from the records. */
export function listIndex(
  records: Records,
  index: string,
  range: SimKeyRange | undefined,
): readonly IndexEntry[] {
  const path = records.indexes.get(index)
  if (path === undefined) throw new DOMException(`there is no index "${index}"`, 'NotFoundError')
  const found: IndexEntry[] = []
  for (const record of records.list(undefined)) {
    const key: unknown = Reflect.get(Object(record.value), path)
    if ((typeof key === 'number' || typeof key === 'string') && (range?.includes(key) ?? true))
      found.push({ key, record })
  }
  return found.sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.record.key, b.record.key))
}
