/**
 * Views as the page sees them: what can be asked of a table, an aggregate or documents, of the live ones and of those of the
 * past. Part of the contract in `database.ts`, which gives these names on; search is in `search-view.ts`.
 */
import type {
  AggregateDefinition,
  DocumentsDefinition,
  KeyPart,
  SearchDefinition,
  TableDefinition,
} from '@headwater/views'
import type { DocumentFigures } from '@headwater/views/documents'
import type { OpenDocument } from './documents/document-handle.ts'
import type { HistoryEntry } from './log-window.ts'
import type { Freshness, Query } from './query.ts'
import type { SearchView } from './search-view.ts'

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

/** The rows behind a group. */
export interface GroupRows<Row> {
  readonly entries: readonly { readonly key: string; readonly row: Row }[]
  /** How many rows there are, also beyond the limit. */
  readonly total: number
}

/** An aggregate as the page sees it. */
export interface AggregateView<Group, Measures, Row = unknown> {
  get(group: Group, options?: Freshness): Query<Measures | undefined>
  /** Groups in their order; `prefix`, `gte` … on the parts of a compound group. */
  range(
    options?: RangeOptions<Group extends readonly KeyPart[] ? Group : readonly [Group]>,
  ): Query<readonly GroupRow<Group, Measures>[]>
  /**
   * The rows of the table that make up the group now, in the order of their keys, at most `limit` (default 100, never more
   * than 10,000). There is no index for this: rows are read from the first on until `limit` are found, in slices, while the
   * table's folds wait; live, again whenever a row of the group changed.
   */
  rows(group: Group, options?: Freshness & { readonly limit?: number }): Query<GroupRows<Row>>
}

/** Documents as the page sees them. */
export interface DocumentsView {
  /**
   * Opens a document, which need not be there yet, and keeps it live until its handle is closed. Loads Yjs when the first is
   * opened. Errors: `QUERY_INVALID` for an id that is none, `PART_UNAVAILABLE`, and those of queries.
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
    : Definition extends AggregateDefinition<string, infer Group, infer Measures, infer Row>
      ? AggregateView<Group, Measures, Row>
      : Definition extends SearchDefinition<string, infer Row>
        ? SearchView<Row>
        : Definition extends DocumentsDefinition
          ? DocumentsView
          : never
