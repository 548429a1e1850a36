/**
 * A window onto the log: events as plain data, from either end, by conditions. A call looks through a bounded run of the
 * log and says where the next one goes on, so that no question holds the worker, however rare what it looks for.
 */
import type { Json, Offset } from '@headwater/log'

/** An event as it lies in the log. */
export interface HistoryEntry {
  readonly offset: Offset
  readonly type: string
  readonly version: number
  /** Nothing readable (`null`) for updates of documents, which are bytes. */
  readonly data: Json
  readonly time: number
  readonly replica: string
  readonly sequence: number
  /** What it is about: the key of its type first, then those under which tables and documents take it. Each once. */
  readonly keys: readonly string[]
}

/** Which events to read; all conditions must hold. */
export interface ReadLogOptions {
  /** Only events behind this offset (default: from the first on). */
  readonly after?: Offset
  /** Only events before this offset (default: up to the newest). */
  readonly before?: Offset
  /** At most this many (default 100, never more than 10,000). */
  readonly limit?: number
  /** From the newest back, instead of from the oldest on. */
  readonly newestFirst?: boolean
  /** Only events of these types; bodies of others are not even parsed. */
  readonly types?: readonly string[]
  /** Only events that are about this key (one of their `keys`). */
  readonly key?: string
  /** Only events of this replica. */
  readonly replica?: string
  /** Only events of this time on, in wall milliseconds. */
  readonly since?: number
  /** Only events up to this time, in wall milliseconds. */
  readonly until?: number
  readonly signal?: AbortSignal
}

/** A run of events. */
export interface LogWindow {
  /** In the order in which they were read. */
  readonly entries: readonly HistoryEntry[]
  /**
   * Where to go on: the next call's `after`, or `before` with `newestFirst`. Nothing once the end was reached. There may be
   * more although fewer than `limit` were found: a call looks through 20,000 offsets at most.
   */
  readonly next: Offset | undefined
}
