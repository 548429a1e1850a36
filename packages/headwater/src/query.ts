/**
 * `Query`: a question to a view as an object, to be awaited once or to be kept live, and what is shown of its answer. Part
 * of the contract in `database.ts`, which gives these names on.
 */
import type { HeadwaterError, Receipt } from '@headwater/log'

/** How fresh, how long: the last argument of every view method. */
export interface Freshness {
  /** Answer from at least this receipt (D1). */
  readonly atLeast?: Receipt
  /** Milliseconds until the query gives up by name (default 10,000). */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

/** What a live query shows now. `data` keeps its reference while equal, and so do its unchanged rows. */
export type QueryState<T> =
  | { readonly status: 'loading'; readonly data: undefined; readonly error: undefined }
  | { readonly status: 'ready'; readonly data: T; readonly error: undefined }
  /** The last answer, while the view is parked, rebuilding, or the worker is being restarted. */
  | { readonly status: 'stale'; readonly data: T; readonly error: HeadwaterError | undefined }
  | { readonly status: 'error'; readonly data: undefined; readonly error: HeadwaterError }

/**
 * A question to a view. `await` it for one answer (asked when `then` is called), or subscribe to keep the answer live.
 * Two queries with equal `key` on one database are one query and share one subscription.
 */
export interface Query<T> extends PromiseLike<T> {
  /** View, method and arguments, canonically spelled: the identity of the query. */
  readonly key: string
  /**
   * Runs the query live until the returned function is called; `listener` is called after each change of `state()`. The first
   * answer holds what the view had folded when it was asked, the others follow: `Freshness` is for who awaits one answer.
   */
  subscribe(listener: () => void): () => void
  /** What a subscriber sees now; the same object until something changes. `loading` while nobody subscribes. */
  state(): QueryState<T>
}

/** What one page reads of a view. */
export interface WatchedView {
  readonly view: string
  /** Live queries on it that the page holds now. */
  readonly queries: number
  /** Answers to live queries on it that have come since the database was opened: the first of each, and every change. */
  readonly answers: number
}
