/**
 * `Views`: all views of one database in one tab: opened, fed by the dispatcher, asked, checkpointed, verified. The
 * contract that `headwater` builds its engine on; `createViews` makes one.
 */
import type { Log, Offset, Scheduler, StoredEvent, WallClock } from '@headwater/log'
import type { AnyView } from './definition.ts'
import type { FoldWatch } from './group/watch.ts'
import type { Locks } from './locks.ts'
import type { ProgressOptions } from './progress-options.ts'
import type { BaseStore } from './state/base-store.ts'
import type { Answer, Changes, ViewRequest, ViewStatus } from './view.ts'

export type { ProgressOptions } from './progress-options.ts'

/** What `createViews` is given. */
export interface ViewsOptions {
  readonly log: Log
  readonly definitions: readonly AnyView[]
  readonly store: BaseStore
  readonly locks: Locks
  readonly scheduler: Scheduler
  readonly clock: WallClock
  /** Prefix of lock names: the database's name. */
  readonly lockScope: string
  /** Is told of work that may never end, and knows what did not. */
  readonly watch?: FoldWatch
  readonly bounds?: Partial<ViewsBounds>
}

/** Bounds, with what happens at each. */
export interface ViewsBounds {
  /** Work between two turns of the event loop (8 ms). */
  readonly sliceMs: number
  /** Clean pages kept in memory (64 MiB, parsed: about half of that as text); the least recently used leave first. */
  readonly cacheBytes: number
  /** An overlay past this (64 MiB) is checkpointed by this tab, leader or not. */
  readonly overlayBytes: number
  /** Events of histories kept in memory while a table is folded from nothing (524,288: 20 MiB); then they are written. */
  readonly historyEvents: number
  /** Quiet after which a leader checkpoints (2,000 ms). */
  readonly quietMs: number
  /** Events before a moment of the past at which a state is kept for the moments around it (2,048). */
  readonly keptBefore: number
}

/** What `verify` found (V7). */
export interface VerifyReport {
  readonly view: string
  /** The offset that both sides were folded up to. */
  readonly offset: Offset
  readonly entries: number
  readonly equal: boolean
  /** The first key whose digests differ, and the two digests (nothing where a side lacks the key). */
  readonly difference?: { readonly key: string; readonly live?: string; readonly recomputed?: string }
}

/** The views of one database. */
export interface Views {
  /** Reads bases, then follows the log until `close`. Resolves when every base is read, before catching up. */
  start(): Promise<void>
  /**
   * Asks a view. Waits until its position has reached `atLeast` (and first, after opening, the head found then).
   * Errors: `VIEW_UNKNOWN`, `QUERY_INVALID`, `VIEW_PARKED`, at the deadline `BEHIND_RECEIPT` or `VIEW_REBUILDING`,
   * `ABORTED`, `CLOSED`.
   */
  query(request: ViewRequest, options?: QueryOptions): Promise<Answer>
  /** As `query` without waiting, for live queries: from wherever the view is. */
  answer(request: ViewRequest): Answer | Promise<Answer>
  onChanges(listener: (changes: Changes) => void): () => void
  status(): readonly ViewStatus[]
  /** Calls back when a state, an error or (at most ten times a second) a number changed. */
  onStatus(listener: () => void): () => void
  /** Only the leader checkpoints when due and sweeps. */
  setLeader(leads: boolean): void
  /** Another tab stored a base: look for it. */
  noticeCheckpoint(): void
  /** Calls back when this tab stored a base, so that other tabs can be told. */
  onCheckpoint(listener: () => void): () => void
  /** Stores every base now. */
  checkpoint(): Promise<void>
  /** Folds the log again on the side, up to the view's position, and compares digests. */
  verify(view: string, options?: ProgressOptions): Promise<VerifyReport>
  /** Rebuilds on the side; resolves when the new state answers. A paused view is resumed, a parked one taken up. */
  rebuild(view: string, options?: ProgressOptions): Promise<void>
  /**
   * Tables and aggregates as they stood at an offset, the end of a commit; folded on the side, in slices of the background.
   * Rejects with `ABORTED`, `CLOSED`, and what storage rejects with.
   */
  past(offset: Offset, options?: ProgressOptions): Promise<PastViews>
  /** Stops a view of this tab where it stands, with what is folded with it. Errors: `VIEW_UNKNOWN`, `VIEW_PARKED`, `CLOSED`. */
  pause(view: string): Promise<void>
  /** Lets it go on. Errors: those of `pause`. */
  resume(view: string): Promise<void>
  /** Deletes the stored base, folds anew from the log, and frees what no tab holds. Errors: `View.dropBase`'s. */
  dropSnapshot(view: string, options?: ProgressOptions): Promise<void>
  /** One digest of all that a view holds, which stands still meanwhile. Errors: those of `verify`. */
  digest(view: string, options?: ProgressOptions): Promise<ViewDigest>
  /** What an event concerns, by the key functions of tables; in the order of definition. */
  touched(event: StoredEvent): readonly Touched[]
  close(): Promise<void>
}

/** Tables and aggregates as they stood at an offset. They never change. */
export interface PastViews {
  readonly offset: Offset
  /** Errors: `VIEW_UNKNOWN`, `QUERY_INVALID`, `VIEW_PARKED`, `VIEW_REBUILDING` at the deadline, `ABORTED`, `CLOSED`. */
  query(request: ViewRequest, options?: Omit<QueryOptions, 'atLeast'>): Promise<Answer>
  /** Lets go of all that it held; idempotent. */
  close(): Promise<void>
}

/** How long and how fresh. */
export interface QueryOptions {
  /** An offset of this log that the answer must include. */
  readonly atLeast?: Offset
  /** Milliseconds from now (default 10,000). */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

/** All that a view holds, as one digest. */
export interface ViewDigest {
  readonly view: string
  /** The offset, in this log, that the view was folded up to. */
  readonly offset: Offset
  readonly entries: number
  /** 16 hexadecimal digits. */
  readonly digest: string
}

/** A row, or a document, that an event concerns. */
export interface Touched {
  /** The name of the table, or of the view of documents. */
  readonly view: string
  readonly key: string
}
