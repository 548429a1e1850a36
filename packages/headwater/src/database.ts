/**
 * What an app holds: the open `Database`, its typed views, its queries and its status. The contract that the page's
 * client implements over a worker or in process, with its laws:
 *
 * - **D1** A query given a receipt answers from at least that point.
 * - **D2** No tab waits for another tab, to read or to write, for longer than one bounded transaction (about 20 ms).
 * - **D3** A live query reports each change once (several commits may share one report), and equal results keep their
 *   reference.
 * - **D4** Every wait ends: with an answer, a named error or an abort.
 */
import type { Draft, Durability, ErrorData, EventType, Offset, Receipt } from '@headwater/log'
import type { AnyView, VerifyReport, ViewStatus } from '@headwater/views'
import type { DatabaseAt } from './database-at.ts'
import type { Insight } from './insight.ts'
import type { Presence } from './presence.ts'
import type { Freshness } from './query.ts'
import type { Sync } from './sync.ts'
import type { ViewOf } from './view-faces.ts'

export type { HistoryEntry } from './log-window.ts'
export type { Freshness, Query, QueryState, WatchedView } from './query.ts'
export type {
  AggregateView,
  DocumentsView,
  GroupRow,
  GroupRows,
  Page,
  PrefixOf,
  RangeOptions,
  TableView,
  ViewOf,
} from './view-faces.ts'

/** What `defineDatabase` made: checked, plain, imported by page and worker. */
export interface DatabaseDefinition<
  Views extends Readonly<Record<string, AnyView>> = Readonly<Record<string, AnyView>>,
> {
  readonly name: string
  readonly events: readonly EventType[]
  readonly views: Views
}

/** How the database fares, in this tab. Plain, and the same object until something changed. */
export interface DatabaseStatus {
  /** `restarting`: the worker died and is being started again; `failed`: it died again, nothing more will come. */
  readonly state: 'open' | 'restarting' | 'failed' | 'closed'
  readonly error: ErrorData | undefined
  readonly log: {
    readonly head: Offset
    readonly replica: string
    readonly records: number
    readonly bytes: number
    /** Events set aside: another branch of their replica stands, and their author has not written them anew yet. */
    readonly aside: number
    /** Why no append is taken, when none is. */
    readonly readOnly: ErrorData | undefined
  }
  /** This tab does the singleton jobs: checkpoints, packing. */
  readonly leads: boolean
  /** By view name, in the order of definition. */
  readonly views: readonly ViewStatus[]
  /** How often the worker has been restarted. */
  readonly restarts: number
}

/** What an import did. */
export interface ImportReport {
  readonly lines: number
  /** Events newly stored. */
  readonly imported: number
  /** Events held already. */
  readonly duplicates: number
  /** Lines skipped because they could not be taken, with the first hundred reasons. */
  readonly skipped: number
  readonly faults: readonly { readonly line: number; readonly error: ErrorData }[]
}

/** How to import. */
export interface ImportOptions {
  /** At a line that cannot be taken: refuse the file with nothing stored (`stop`, the default), or pass it over. */
  readonly onFault?: 'stop' | 'skip'
  readonly onProgress?: (progress: {
    readonly phase: 'check' | 'store'
    readonly lines: number
    readonly bytes: number
  }) => void
  readonly signal?: AbortSignal
}

/** An open database. */
export interface Database<Definition extends DatabaseDefinition = DatabaseDefinition>
  extends Insight<ViewNameOf<Definition>> {
  /** Under which it is stored: the definition's, unless it was opened under another. */
  readonly name: string
  readonly definition: Definition
  readonly views: { readonly [Name in keyof Definition['views']]: ViewOf<Definition['views'][Name]> }
  /**
   * Stores the drafts as one commit: all or nothing. Appends of one microtask travel to the worker as one message.
   * Errors: EVENT_INVALID, EVENT_UNKNOWN, EVENT_NOT_JSON, EVENT_TOO_LARGE, COMMIT_TOO_LARGE, COMMIT_EMPTY,
   * SCHEMA_UNSTABLE (nothing stored), READ_ONLY, STORAGE_FULL, STORAGE_LOST, WORKER_DIED, ABORTED, CLOSED.
   */
  append(
    drafts: Draft | readonly Draft[],
    options?: { readonly durability?: Durability; readonly signal?: AbortSignal },
  ): Promise<Receipt>
  readonly status: {
    get(): DatabaseStatus
    subscribe(listener: (status: DatabaseStatus) => void): () => void
  }
  /** Folds the log again on the side and compares (V7). */
  verify(view: ViewNameOf<Definition>, options?: LongWork): Promise<VerifyReport>
  /** Rebuilds a view from the log while the old state answers. */
  rebuild(view: ViewNameOf<Definition>, options?: LongWork): Promise<void>
  /** Resolves when every view that is not stopped has folded up to the head (or the receipt) as of now; `status` says so then. */
  settled(options?: Freshness): Promise<void>
  /** The whole log as NDJSON text, one commit a line; a tab may stop reading at any time. */
  exportEvents(options?: {
    readonly onProgress?: (events: number) => void
    readonly signal?: AbortSignal
  }): ReadableStream<string>
  /** Takes an own export or lines of `{ type, data, time? }`. The same file twice changes nothing. */
  importEvents(source: Blob | string, options?: ImportOptions): Promise<ImportReport>
  /**
   * Tables and aggregates as they stood at a moment, folded on the side while the live views go on. An offset inside a commit
   * is rounded down to the commit before. A `Date` is the last moment before anything stamped later than it came to this log:
   * what was known here then. What came late, with an earlier stamp, is not in it unless it came before. Commits that do not
   * stand any more (another branch took their place) are in no moment. Close it when it is not shown any more: a tab holds at
   * most 8 open. Errors: `QUERY_INVALID` (no date, no offset, or one beyond the head), `TOO_MANY_OPEN`, `ABORTED`, `CLOSED`,
   * `PART_UNAVAILABLE`, those of reading the log.
   */
  at(moment: Offset | number | Date, options?: LongWork): Promise<DatabaseAt<Definition['views']>>
  /** Ends queries, lets what was appended be stored, closes the worker. Idempotent. */
  close(): Promise<void>
  /**
   * Closes, here and in other tabs, and deletes log and bases. Errors: `UNSENT` (nothing done, the database stays open) while
   * the hub that it syncs with lacks commits that are here, unless forced.
   */
  destroy(options?: { readonly force?: boolean }): Promise<void>
  /** Replication, in a database that was opened with `sync`. */
  readonly sync: Sync | undefined
  /** Who else is here, in a database that was opened with `sync`. */
  readonly presence: Presence | undefined
}

/** An open database that syncs. */
export interface SyncedDatabase<Definition extends DatabaseDefinition = DatabaseDefinition>
  extends Database<Definition> {
  readonly sync: Sync
  readonly presence: Presence
}

/** For work that takes long. */
export interface LongWork {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  readonly signal?: AbortSignal
}

/** Property names of a definition's views. */
export type ViewNameOf<Definition extends DatabaseDefinition> = keyof Definition['views'] & string
