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
import type { Draft, Durability, ErrorData, EventType, Json, Offset, Receipt } from '@headwater/log'
import type {
  AggregateDefinition,
  AnyView,
  DocumentsDefinition,
  KeyPart,
  SearchDefinition,
  TableDefinition,
  VerifyReport,
  ViewStatus,
} from '@headwater/views'
import type { DocumentFigures } from '@headwater/views/documents'
import type { OpenDocument } from './documents/document-handle.ts'
import type { Presence } from './presence.ts'
import type { Freshness, Query } from './query.ts'
import type { SearchView } from './search-view.ts'
import type { Sync } from './sync.ts'

export type { Freshness, Query, QueryState } from './query.ts'

/** What `defineDatabase` made: checked, plain, imported by page and worker. */
export interface DatabaseDefinition<
  Views extends Readonly<Record<string, AnyView>> = Readonly<Record<string, AnyView>>,
> {
  readonly name: string
  readonly events: readonly EventType[]
  readonly views: Views
}

/** Bounds of a read over an index, in the order of its tuple; the built-in index `'key'` is ordered by row key. */
export interface RangeOptions<Key extends readonly unknown[]> extends Freshness {
  /** Only entries whose tuple begins so. */
  readonly prefix?: PrefixOf<Key>
  readonly gte?: PrefixOf<Key>
  readonly gt?: PrefixOf<Key>
  readonly lte?: PrefixOf<Key>
  readonly lt?: PrefixOf<Key>
  readonly reverse?: boolean
  /** At most this many rows (default 1,000). */
  readonly limit?: number
  /**
   * Leaves out the first so many (default 0), so that a list can be read from anywhere. Whole stored pages are passed by
   * their counts; a live query with an offset is asked again whenever something changes before its end.
   */
  readonly offset?: number
}

/** The leading parts of a tuple. */
export type PrefixOf<Key extends readonly unknown[]> = Key extends readonly [infer First, ...infer Rest]
  ? readonly [] | readonly [First] | readonly [First, ...PrefixOf<Rest>]
  : Key extends readonly []
    ? readonly []
    : readonly Key[number][]

/** One page of a range. */
export interface Page<Row> {
  readonly entries: readonly { readonly key: string; readonly row: Row }[]
  /** Hand it to the next `page` call as `cursor`; nothing at the end. */
  readonly cursor: string | undefined
}

/** An event that made a row. */
export interface HistoryEntry {
  readonly offset: Offset
  readonly type: string
  readonly version: number
  readonly data: Json
  readonly time: number
  readonly replica: string
  readonly sequence: number
}

type IndexKey<Index, Name> = Name extends 'key'
  ? readonly [string]
  : Name extends keyof Index
    ? Index[Name] extends readonly unknown[]
      ? Index[Name]
      : never
    : never
type IndexName<Index> = (keyof Index & string) | 'key'

/** A table as the page sees it. */
export interface TableView<Row, Index> {
  get(key: string, options?: Freshness): Query<Row | undefined>
  /** Rows in the order of an index. */
  range<Name extends IndexName<Index>>(
    index: Name,
    options?: RangeOptions<IndexKey<Index, Name>>,
  ): Query<readonly Row[]>
  /** The same with keys and a cursor, page by page. */
  page<Name extends IndexName<Index>>(
    index: Name,
    options?: RangeOptions<IndexKey<Index, Name>> & { readonly cursor?: string },
  ): Query<Page<Row>>
  /** How many entries lie in the range (all rows when nothing is said). */
  count<Name extends IndexName<Index>>(
    index?: Name,
    options?: Omit<RangeOptions<IndexKey<Index, Name>>, 'limit' | 'offset' | 'reverse'>,
  ): Query<number>
  /** The events that made the row, oldest first, also after its deletion. */
  history(key: string, options?: Freshness): Query<readonly HistoryEntry[]>
}

/** One group of an aggregate. */
export type GroupRow<Group, Measures> = { readonly group: Group } & Measures

/** An aggregate as the page sees it. */
export interface AggregateView<Group, Measures> {
  get(group: Group, options?: Freshness): Query<Measures | undefined>
  /** Groups in their order; `prefix`, `gte` … on the parts of a compound group. */
  range(
    options?: RangeOptions<Group extends readonly KeyPart[] ? Group : readonly [Group]>,
  ): Query<readonly GroupRow<Group, Measures>[]>
}

/** Documents as the page sees them. */
export interface DocumentsView {
  /**
   * Opens a document, which need not be there yet, and keeps it live until its handle is closed. Loads Yjs when the first is
   * opened. Errors: `QUERY_INVALID` for an id that is none, and those of queries.
   */
  open(id: string, options?: Freshness): Promise<OpenDocument>
  /** The text of a document, or of one of its root types; nothing where there is no such document. */
  text(id: string, options?: Freshness & { readonly root?: string }): Query<string | undefined>
  /** The ids of the documents, in their order. */
  keys(options?: RangeOptions<readonly [string]>): Query<readonly string[]>
  /** How a document fares: what waits, what could not be merged. */
  figures(id: string, options?: Freshness): Query<DocumentFigures | undefined>
}

/** The page's side of a view definition. */
export type ViewOf<Definition> =
  Definition extends TableDefinition<string, infer Row, infer Index>
    ? TableView<Row, Index>
    : Definition extends AggregateDefinition<string, infer Group, infer Measures>
      ? AggregateView<Group, Measures>
      : Definition extends SearchDefinition<string, infer Row>
        ? SearchView<Row>
        : Definition extends DocumentsDefinition
          ? DocumentsView
          : never

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
export interface Database<Definition extends DatabaseDefinition = DatabaseDefinition> {
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
  /** Resolves when every view that is not stopped has folded up to the head (or the receipt) as of now. */
  settled(options?: Freshness): Promise<void>
  /** The log as it stands, newest last, for a window onto it: events after `after`, at most `limit` (default 100). */
  readLog(options?: { readonly after?: Offset; readonly limit?: number }): Promise<readonly HistoryEntry[]>
  /** The whole log as NDJSON text, one commit a line; a tab may stop reading at any time. */
  exportEvents(options?: {
    readonly onProgress?: (events: number) => void
    readonly signal?: AbortSignal
  }): ReadableStream<string>
  /** Takes an own export or lines of `{ type, data, time? }`. The same file twice changes nothing. */
  importEvents(source: Blob | string, options?: ImportOptions): Promise<ImportReport>
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
