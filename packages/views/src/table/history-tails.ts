/**
 * The histories of a table that is folded from nothing, while they grow: the run of events at each key's end is kept in
 * memory and written as one entry when it is closed, by another replica's event, by being full, or by being flushed. That
 * is a third of the entries that single events would make.
 */
import type { Offset, ReplicaId, Sequence, StoredEvent, Timestamp } from '@headwater/log'
import { type HistoryEntry, MOST_IN_RUN } from './history.ts'
import { type Stamp, spellStamp } from './stamp.ts'

/** Writes an entry. */
export type WriteEntry = (entry: HistoryEntry) => void

/** Runs at the ends of histories. */
export interface HistoryTails {
  /** Keys that have one. */
  readonly size: number
  /** The newest event of a key; nothing when its run was flushed, or when it has no event. */
  newest(key: string): Stamp | undefined
  /** Adds an event that is newer than all of its key. */
  append(key: string, coded: string, event: StoredEvent, write: WriteEntry): void
  /** Closes a key's run. */
  close(key: string, write: WriteEntry): void
  /** Closes at most `limit` runs; false when none is left. */
  flush(limit: number, write: WriteEntry): boolean
}

interface Tail {
  readonly coded: string
  readonly first: Stamp
  /** The entry's value. */
  readonly value: number[]
  readonly replica: ReplicaId
  timestamp: Timestamp
  sequence: Sequence
  offset: Offset
}

const NUMBERS_IN_FULL_RUN = 1 + 3 * (MOST_IN_RUN - 1)

/** No runs yet. */
export function createHistoryTails(): HistoryTails {
  const tails = new Map<string, Tail>()
  const close = (key: string, write: WriteEntry): void => {
    const tail = tails.get(key)
    if (tail === undefined) return
    tails.delete(key)
    write(entryOfTail(tail))
  }
  return {
    get size() {
      return tails.size
    },
    newest: (key) => tails.get(key),
    append(key, coded, event, write) {
      const tail = tails.get(key)
      if (tail && tail.replica === event.replica && tail.value.length < NUMBERS_IN_FULL_RUN) {
        lengthen(tail, event)
        return
      }
      if (tail) write(entryOfTail(tail))
      tails.set(key, startTail(coded, event))
    },
    close,
    flush(limit, write) {
      let left = limit
      for (const key of tails.keys()) {
        if (left-- === 0) return true
        close(key, write)
      }
      return false
    },
  }
}

function startTail(coded: string, { timestamp, replica, sequence, offset }: StoredEvent): Tail {
  const first = { timestamp, replica, sequence }
  return { coded, first, value: [offset], replica, timestamp, sequence, offset }
}

function lengthen(tail: Tail, event: StoredEvent): void {
  tail.value.push(
    event.timestamp - tail.timestamp,
    event.sequence - tail.sequence,
    event.offset - tail.offset,
  )
  tail.timestamp = event.timestamp
  tail.sequence = event.sequence
  tail.offset = event.offset
}

function entryOfTail({ coded, first, value }: Tail): HistoryEntry {
  return { key: coded + spellStamp(first), value: value.length === 1 ? value[0]! : value }
}
