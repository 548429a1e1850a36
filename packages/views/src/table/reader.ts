/**
 * `TableReader`: what a derived view (search, later joins) may know of its table: its rows as of its position, which
 * rows an event concerns, and which rows each install changed. It guarantees that what is read belongs to one position,
 * the `position` told at the time of the call; how the table folds and stores its rows is left to the view group.
 */
import type { Json, Offset, StoredEvent } from '@headwater/log'
import type { RowChange } from '../view.ts'

/** One row with its key. */
export interface TableEntry {
  readonly key: string
  readonly row: Json
}

/** A table, as its derived views see it. */
export interface TableReader {
  /** The offset up to which the rows are folded, in this tab. A derived view never folds past it. */
  readonly position: Offset
  /** No row shows an event beyond this offset; a table that is joined with others may show some beyond its position. */
  readonly reached: Offset
  /**
   * The generation of the rows, stored with them: another one after a rebuild or a jump to another tab's, the same one when
   * they are opened again, so that what was made from them can be told from what was not.
   */
  readonly generation: number
  /** Event types that the table folds. */
  readonly types: ReadonlySet<string>
  /** The table is parked: nothing more will come, and what is derived from it is stale. */
  readonly stopped: boolean
  /** The table was asked to stand where it is: what is derived from it goes no further, and is stale. */
  readonly paused: boolean
  /** The rows of these keys, in the order asked for; nothing where there is no row. Rows are frozen. */
  get(keys: readonly string[]): readonly (Json | undefined)[] | Promise<readonly (Json | undefined)[]>
  /** The rows that an event concerns; none where the table does not fold its type or its key function throws. */
  keysOf(event: StoredEvent): readonly string[]
  /**
   * Calls back after each install, once it can be read, with what changed by row (each key once, `before` and `after`
   * as of the install before and this one). `all`: the table jumped or was rebuilt, `changes` is empty, start over.
   */
  onRowChanges(listener: (changes: readonly RowChange[], position: Offset, all: boolean) => void): () => void
  /** Rows in key order after `afterKey` (from the first when undefined), at most `limit`. */
  scan(afterKey: string | undefined, limit: number): Promise<readonly TableEntry[]>
  /** How many rows there are. */
  count(): Promise<number>
  /** A row as the table itself has it, where it was given with more; each row is one where this is missing. */
  plainRow?(row: Json): Json
}
