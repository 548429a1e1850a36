// Object stores, indexes and cursors as a tab holds them: what can be asked of a transaction. Values are cloned on their
// way in and out, so that nobody changes what lies on the disk.

import { SimRequest } from './events.ts'
import { type Key, keyOf, rangeOf, type SimKeyRange } from './keys.ts'
import { type Entry, listIndex, type Records } from './records.ts'
import type { SimTransaction } from './transaction.ts'

/** Something that can be asked for a range: an object store, or an index of one. */
interface Rows {
  list(records: Records, range: SimKeyRange | undefined): readonly Row[]
}

/** An entry as a query meets it: by its key, which in an index is not the record's own. */
interface Row {
  readonly key: Key
  readonly record: Entry
}

type Direction = 'next' | 'prev'

/** What object stores and indexes have in common. */
class Queries {
  readonly #rows: Rows
  protected readonly tx: SimTransaction
  protected readonly storeName: string

  constructor(transaction: SimTransaction, storeName: string, rows: Rows) {
    this.tx = transaction
    this.storeName = storeName
    this.#rows = rows
  }

  get(query: unknown): SimRequest {
    return this.#ask(query, ([first]) => first && clone(first.record.value))
  }
  getKey(query: unknown): SimRequest {
    return this.#ask(query, ([first]) => first?.record.key)
  }
  getAll(query?: unknown, count?: number): SimRequest {
    return this.#ask(query, (rows) =>
      rows.slice(0, count || undefined).map(({ record }) => clone(record.value)),
    )
  }
  getAllKeys(query?: unknown, count?: number): SimRequest {
    return this.#ask(query, (rows) => rows.slice(0, count || undefined).map(({ record }) => record.key))
  }
  count(query?: unknown): SimRequest {
    return this.#ask(query, (rows) => rows.length)
  }
  openCursor(query?: unknown, direction: Direction = 'next'): SimRequest {
    return this.#openCursor(query, direction, true)
  }
  openKeyCursor(query?: unknown, direction: Direction = 'next'): SimRequest {
    return this.#openCursor(query, direction, false)
  }

  #ask(query: unknown, answer: (rows: readonly Row[]) => unknown): SimRequest {
    const range = rangeOf(query)
    return this.tx.ask(() => answer(this.#rows.list(this.tx.records(this.storeName), range)))
  }

  /** The place in the list is where it stands: what was passed is passed, also when it changes. */
  #openCursor(query: unknown, direction: Direction, withValues: boolean): SimRequest {
    const range = rangeOf(query)
    const request = new SimRequest()
    const passed = new Set<Key>()
    const step = (): unknown => {
      const rows = this.#rows.list(this.tx.records(this.storeName), range)
      const ordered = direction === 'next' ? rows : [...rows].reverse()
      const row = ordered.find(({ record }) => !passed.has(record.key))
      if (!row) return null
      passed.add(row.record.key)
      return {
        key: row.key,
        primaryKey: row.record.key,
        ...(withValues ? { value: clone(row.record.value) } : {}),
        continue: () => void this.tx.ask(step, request),
      }
    }
    return this.tx.ask(step, request)
  }
}

/** An object store. */
export class SimObjectStore extends Queries {
  readonly name: string

  constructor(transaction: SimTransaction, name: string) {
    super(transaction, name, {
      list: (records, range) => records.list(range).map((record) => ({ key: record.key, record })),
    })
    this.name = name
  }

  add(value: unknown, key?: unknown): SimRequest {
    return this.#put(value, key, true)
  }
  put(value: unknown, key?: unknown): SimRequest {
    return this.#put(value, key, false)
  }
  delete(query: unknown): SimRequest {
    return this.#remove(rangeOf(query))
  }
  clear(): SimRequest {
    return this.#remove(undefined)
  }
  index(name: string): Queries {
    return new Queries(this.tx, this.storeName, { list: (records, range) => listIndex(records, name, range) })
  }
  createIndex(name: string, keyPath: string): void {
    this.tx.restructure(() => {
      const { indexes } = this.tx.records(this.storeName)
      indexes.set(name, keyPath)
      return () => indexes.delete(name)
    })
  }

  #put(value: unknown, given: unknown, mustBeNew: boolean): SimRequest {
    this.tx.mustBeWritable()
    const stored = clone(value)
    const explicit = given === undefined ? undefined : keyOf(given)
    return this.tx.ask((change) => {
      this.tx.mustHaveRoom()
      const records = this.tx.records(this.storeName)
      const key = explicit ?? generateKey(records, change)
      if (explicit !== undefined && records.autoIncrement) change(records.raise(explicit))
      if (mustBeNew && records.get(key)) throw new DOMException(`${key} is taken`, 'ConstraintError')
      change(records.put(key, stored))
      return key
    })
  }

  #remove(range: SimKeyRange | undefined): SimRequest {
    this.tx.mustBeWritable()
    return this.tx.ask((change) => {
      change(this.tx.records(this.storeName).remove(range))
    })
  }
}

function generateKey(records: Records, change: (undo: () => void) => void): Key {
  if (!records.autoIncrement) throw new DOMException('a key is missing', 'DataError')
  const { key, undo } = records.generate()
  change(undo)
  return key
}

/** Bytes and plain data, as `structuredClone` clones them; immutable values cost nothing. */
function clone(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return value instanceof Uint8Array ? value.slice() : structuredClone(value)
}
