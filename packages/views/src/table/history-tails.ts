/**
 * The histories of a table that is folded from nothing, while they grow: the newest events of every key, chained in columns
 * of numbers, so that a hundred thousand of them cost a few arrays. They are written key by key, packed into runs, when the
 * rows are whole or when there are too many; that is a third of the entries that single events would make.
 *
 * ```
 * key → index of its newest event      columns: timestamp, sequence, offset, replica, index of the key's event before
 * ```
 */
import type { Json, Offset, ReplicaId, Sequence, StoredEvent, Timestamp } from '@headwater/log'
import { encodeKey } from '../key.ts'
import { type HistoryEntry, type HistoryPlace, MOST_IN_RUN } from './history.ts'
import { createStampSpeller } from './stamp.ts'

/** Writes an entry. */
export type WriteEntry = (entry: HistoryEntry) => void

/** The newest events of every key. */
export interface HistoryTails {
  /** More events are held than may be: they are to be written. */
  readonly isFull: boolean
  /** The newest event of a key; nothing when what there was has been written, or when it has no event. */
  newest(key: string): HistoryPlace | undefined
  /** Adds an event that is newer than all of its key. */
  append(key: string, event: StoredEvent): void
  /** Writes a key's events, and forgets them. */
  close(key: string, write: WriteEntry): void
  /** Closes at most `limit` keys; false when none is left. */
  flush(limit: number, write: WriteEntry): boolean
}

const FIRST_CAPACITY = 1_024
const NONE = -1

/** No events yet, and at most so many, about. */
export function createHistoryTails(most: number): HistoryTails {
  const newest = new Map<string, number>()
  const replicas: ReplicaId[] = []
  let columns = createColumns(FIRST_CAPACITY)
  let events = 0
  const spell = createStampSpeller()
  const placeAt = (index: number): HistoryPlace => ({
    timestamp: columns.timestamps[index] as Timestamp,
    replica: replicas[columns.replicas[index]!]!,
    sequence: columns.sequences[index] as Sequence,
    offset: columns.offsets[index] as Offset,
  })
  const close = (key: string, write: WriteEntry): void => {
    const chain: number[] = []
    for (let at = newest.get(key) ?? NONE; at !== NONE; at = columns.before[at]!) chain.push(at)
    newest.delete(key)
    if (newest.size === 0) events = 0
    const coded = encodeKey([key])
    for (let last = chain.length - 1; last >= 0; ) {
      const end = runEnd(columns, chain, last)
      write({ key: coded + spell(placeAt(chain[last]!)), value: runValue(columns, chain, last, end) })
      last = end
    }
  }
  return {
    get isFull() {
      return events > most
    },
    newest(key) {
      const at = newest.get(key)
      return at === undefined ? undefined : placeAt(at)
    },
    append(key, event) {
      if (events === columns.offsets.length) columns = doubled(columns)
      columns.timestamps[events] = event.timestamp
      columns.sequences[events] = event.sequence
      columns.offsets[events] = event.offset
      columns.replicas[events] = indexOf(replicas, event.replica)
      columns.before[events] = newest.get(key) ?? NONE
      newest.set(key, events++)
    },
    close,
    flush(limit, write) {
      let left = limit
      for (const key of newest.keys()) {
        if (left-- === 0) return true
        close(key, write)
      }
      return false
    },
  }
}

/** Where in a chain, newest first, the run ends whose first event stands at `first`: before its last index. */
function runEnd({ replicas }: Columns, chain: readonly number[], first: number): number {
  const least = Math.max(NONE, first - MOST_IN_RUN)
  let end = first - 1
  while (end > least && replicas[chain[end]!] === replicas[chain[first]!]) end--
  return end
}

/** A run as an entry's value (`history.ts`), straight from the columns. */
function runValue(columns: Columns, chain: readonly number[], first: number, end: number): Json {
  const { timestamps, sequences, offsets } = columns
  let before = chain[first]!
  if (end === first - 1) return offsets[before]!
  const value: number[] = [offsets[before]!]
  for (let i = first - 1; i > end; i--) {
    const at = chain[i]!
    value.push(
      timestamps[at]! - timestamps[before]!,
      sequences[at]! - sequences[before]!,
      offsets[at]! - offsets[before]!,
    )
    before = at
  }
  return value
}

interface Columns {
  readonly timestamps: Float64Array
  readonly sequences: Float64Array
  readonly offsets: Float64Array
  readonly replicas: Int32Array
  readonly before: Int32Array
}

function createColumns(capacity: number): Columns {
  return {
    timestamps: new Float64Array(capacity),
    sequences: new Float64Array(capacity),
    offsets: new Float64Array(capacity),
    replicas: new Int32Array(capacity),
    before: new Int32Array(capacity),
  }
}

function doubled(old: Columns): Columns {
  const columns = createColumns(old.offsets.length * 2)
  columns.timestamps.set(old.timestamps)
  columns.sequences.set(old.sequences)
  columns.offsets.set(old.offsets)
  columns.replicas.set(old.replicas)
  columns.before.set(old.before)
  return columns
}

/** The newest replica is the likeliest. */
function indexOf(replicas: ReplicaId[], replica: ReplicaId): number {
  const known = replicas.lastIndexOf(replica)
  return known >= 0 ? known : replicas.push(replica) - 1
}
