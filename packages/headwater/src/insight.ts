/**
 * Looking inside an open database, and working its parts by hand: what a page about the parts is made of. Nothing here is
 * needed to use a database, and nothing of it can lose data: what is stopped, dropped or folded anew are views.
 *
 * - A paused view answers from where it stands, and is told apart from a live one everywhere.
 * - Dropping a snapshot costs time, here and at the next opening, and no other tab an answer.
 * - What `readLog`, `touched`, `history` and `rows` say leads from any number to the events behind it, and back.
 */
import type { Offset } from '@headwater/log'
import type { ProgressOptions, ViewDigest } from '@headwater/views'
import type { LogWindow, ReadLogOptions } from './log-window.ts'
import type { WatchedView } from './query.ts'

/** A row, or a document, that an event has a part in. */
export interface TouchedRow {
  /** The view's property: `db.views[view].history(key)` tells the other events of a table's row. */
  readonly view: string
  readonly key: string
}

/** What is stored of a database, and what the browser says of its origin. */
export interface StorageReport {
  readonly log: { readonly bytes: number; readonly records: number }
  /** By name, the views that have a stored base; aggregates are in that of their table. */
  readonly snapshots: readonly { readonly view: string; readonly bytes: number; readonly storedAt: number }[]
  /** Bytes that the origin uses and may use, about; nothing where the platform does not say. */
  readonly usage: number | undefined
  readonly quota: number | undefined
  /** Whether the browser has promised not to evict the origin; nothing where the platform does not say. */
  readonly persisted: boolean | undefined
}

/** The controls of an open database. */
export interface Insight<ViewName extends string = string> {
  /**
   * Stops a view of this tab where it stands, with what is folded with it (a table and its aggregates are one); resolves
   * once it stands. The log, the other views and their queries go on. Queries answer from its position, live ones are
   * `stale`; `atLeast` beyond it ends with `BEHIND_RECEIPT`. What is derived from it stands with it and is `stale`. Not
   * stored: opened again, or in a worker that was started again, it is not paused. Errors: `VIEW_UNKNOWN`,
   * `VIEW_PARKED` (its code did not load), `CLOSED`.
   */
  pause(view: ViewName): Promise<void>
  /** Lets a paused view go on; nothing happens to one that is not paused. Errors: those of `pause`. */
  resume(view: ViewName): Promise<void>
  /**
   * Deletes the stored base of a view (of its group, for an aggregate) and folds this tab's view anew from the log, as
   * opening without a base does; the old state answers meanwhile. A search index is indexed anew, if it was in use. Other
   * tabs go on from the base that they hold, whose space is freed when they let go of it. The next checkpoint stores a new
   * one. A paused view is resumed. Errors: `VIEW_PARKED` and `FOLD_FAILED` where folding fails (the old state then goes on
   * answering), `STORAGE_BLOCKED` where other tabs store faster than this one deletes, `ABORTED` (the work itself goes on),
   * those of storage, `CLOSED`.
   */
  dropSnapshot(view: ViewName, options?: ProgressOptions): Promise<void>
  /** Events of the log by conditions, from either end. Errors: `RECORD_DAMAGED`, `FORMAT_NEWER`, `ABORTED`, `CLOSED`. */
  readLog(options?: ReadLogOptions): Promise<LogWindow>
  /**
   * The rows and documents that the event at an offset has a part in, by the key functions of the tables; none for an
   * offset at which no event stands. Errors: those of `readLog`.
   */
  touched(offset: Offset): Promise<readonly TouchedRow[]>
  /** The last sequence that the log holds of each replica, by replica: what replicas compare when they sync. */
  vector(): Promise<Readonly<Record<string, number>>>
  /** What this page reads, by the names of views; those that it has never watched are left out. */
  watched(): readonly WatchedView[]
  /**
   * One digest of all that a view holds, entry by entry in key order: databases that hold the same events give the same one
   * (V3). The view stands still while it is read, other queries go on. Errors: those of `verify`.
   */
  digest(view: ViewName, options?: ProgressOptions): Promise<ViewDigest>
  /** What is stored, and what the browser says of the origin. Errors: those of storage, `CLOSED`. */
  storage(): Promise<StorageReport>
  /** Asks the browser never to evict this origin; whether it promises that. `false` where it cannot be asked. */
  persist(): Promise<boolean>
}
