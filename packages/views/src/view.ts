/**
 * The `View`: derived data that the dispatcher feeds, what it answers, and how it fares. Its laws bind every kind and
 * are checked by one contract suite (`test/contract/view.contract.ts`).
 *
 * - **V1** A fold is deterministic and does no I/O.
 * - **V2** restore(snapshot at k), then fold the rest ≡ fold everything.
 * - **V3** The same set of events, in whatever order they arrived, gives the same answers on every replica.
 * - **V4** State and checkpoint are stored together or not at all.
 * - **V5** A view whose fingerprint changed is rebuilt; the others keep answering.
 * - **V6** A view that fails is parked alone: the log, its siblings and queries on them go on; what is derived from it
 *   is reported stale, never silently wrong.
 * - **V7** An incremental view equals its naive recomputation after every commit.
 */
import type { ErrorData, EventBatch, Json, Offset } from '@headwater/log'
import type { ProgressOptions } from './progress-options.ts'

/**
 * `restoring`: reading its base; `rebuilding`: folding from the start; `live`: follows the head; `paused`: stands where this
 * tab was asked to stop it, until it is resumed; `parked`: stopped at an event that it cannot take (`error` says which);
 * `stale`: derived from a parked or paused view, or answering from an old base.
 */
export type ViewState = 'restoring' | 'rebuilding' | 'live' | 'paused' | 'parked' | 'stale'

/** A stored base. */
export interface StoredSnapshot {
  /** How much it takes: characters of its pages and its manifest. */
  readonly bytes: number
  /** Wall milliseconds. */
  readonly storedAt: number
}

/** How a view fares, in this tab. Plain data. */
export interface ViewStatus {
  readonly name: string
  readonly kind: 'table' | 'aggregate' | 'search' | 'documents'
  readonly state: ViewState
  /**
   * Set while a search index is not in memory yet: it costs nothing, and its first question waits until it has been read or
   * made, up to `position` at least.
   */
  readonly unmade?: true
  /** Folded up to here, in this tab. */
  readonly position: Offset
  /** The stored base is folded up to here. */
  readonly checkpoint: Offset
  /** The stored base itself, where there is one: of its table, for an aggregate. */
  readonly snapshot?: StoredSnapshot
  /** head − position. */
  readonly lag: number
  /** Events (for search: rows) taken in a second, over the last few seconds. */
  readonly ratePerSecond: number
  /** While rebuilding or catching up. */
  readonly progress?: { readonly done: number; readonly total: number; readonly remainingMs?: number }
  readonly error?: ErrorData
  /** What storage said to the last try to store the base, until one succeeds. Nothing is lost by it but time. */
  readonly checkpointError?: ErrorData
  /** What kept it from reading on when it last tried; it tries again. */
  readonly readError?: ErrorData
  /** Commits passed over up to here because they hold a type that this build does not know (search: its table counts). */
  readonly skipped: number
  /** Commits passed over up to here because a payload in them fails its schema or upcaster. */
  readonly quarantined: number
  /** Bytes that the overlay (for search: the index) takes in memory, about. */
  readonly memoryBytes: number
}

/** A question to a view, as plain data: it crosses the worker, and identifies a query. */
export interface ViewRequest {
  readonly view: string
  readonly method: string
  readonly args: readonly Json[]
}

/** An interval of one map's keys that an answer depends on, both ends inclusive; a single key has equal ends. */
export interface Dependency {
  readonly map: string
  readonly from: string
  readonly to: string
}

/** An answer with what it was read from. */
export interface Answer {
  readonly value: unknown
  readonly position: Offset
  /** What must be touched for the answer to change. */
  readonly dependencies: readonly Dependency[]
}

/** Keys that one installed run of events touched, by map, each ascending; `all` after a jump or a rebuild. */
export interface Changes {
  readonly view: string
  readonly position: Offset
  readonly all: boolean
  readonly keys: ReadonlyMap<string, readonly string[]>
}

/** Bounds work between two turns of the event loop. */
export interface Slice {
  /** True once the slice's 8 ms are used up. */
  spent(): boolean
}

/** A difference of one row, which is what derived views take. */
export interface RowChange {
  readonly key: string
  readonly before: Json | undefined
  readonly after: Json | undefined
}

/** A unit that the dispatcher feeds: a table with its aggregates, or a search index. */
export interface View {
  /** The name of its table or search index. */
  readonly name: string
  /** The definitions that it answers for: a table and its aggregates, or one search index. */
  readonly answersFor: readonly string[]
  /** Event types that it folds; others need not be read for it. */
  readonly types: ReadonlySet<string>
  readonly position: Offset
  readonly checkpoint: Offset
  /** Set while parked or stale: the dispatcher feeds it no further. */
  readonly stopped: boolean
  /** Set between `pause` and `resume`: it is fed no further, and answers from where it stands. */
  readonly paused: boolean
  /** One entry a definition. `head` is the log's. */
  status(head: Offset): readonly ViewStatus[]
  /** Reads the newest usable base. Never fails for a damaged or foreign base: it then starts at the origin. */
  restore(): Promise<void>
  /**
   * Folds a run of events in slices and installs it at once or in whole sub-runs: between two installs queries are
   * answered from one consistent position. Never rejects for what a user's function does: that parks the view.
   */
  fold(batch: EventBatch, slice: () => Slice): Promise<void>
  /** Rejects with `QUERY_INVALID`, `VIEW_PARKED` where there is nothing to answer from, `ABORTED`. */
  answer(request: ViewRequest, signal?: AbortSignal): Answer | Promise<Answer>
  /** Reports what each install touched. */
  onChanges(listener: (changes: Changes) => void): () => void
  /** Stores the base when that is worth its while (`force`: in any case). */
  checkpointNow(force: boolean): Promise<void>
  /** Takes another tab's newer base when there is one. */
  adopt(): Promise<void>
  /** Starts over from the log (or the parent's rows) on the side; the old state answers until the new one is whole. */
  rebuild(): Promise<void>
  /** Stops it where it stands: resolves when nothing is being folded any more. Idempotent. */
  pause(): Promise<void>
  /** Lets it go on. Idempotent. */
  resume(): void
  /**
   * Deletes its stored base, for whoever opens it from now on, and folds it anew as one that found none does. Other tabs
   * keep the base that they hold. Rejects as `rebuild` does, and with `STORAGE_BLOCKED`.
   */
  dropBase(options?: ProgressOptions): Promise<void>
  /** A digest per entry, in key order, as of `position`: independent of pages and of member order. */
  digests(name: string): AsyncIterable<readonly [key: string, digest: string]>
  close(): Promise<void>
}
