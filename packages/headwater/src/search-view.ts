/**
 * A search index as the page sees it: what may be asked of it, and what it answers.
 */
import type { Freshness, Query } from './query.ts'

/** A condition on a top-level member of a row; one that holds a list meets a value by any of its items, too. */
export type Where<Row> = {
  readonly [Field in keyof Row]?: ItemOf<Row[Field]> | Condition<Row[Field]>
}

type ItemOf<Value> = Value extends readonly (infer Item)[] ? Item : never

type Condition<Value> =
  | Value
  | readonly Value[]
  | { readonly gte?: Value; readonly gt?: Value; readonly lte?: Value; readonly lt?: Value }

/** How to search. */
export interface SearchOptions<Row> extends Freshness {
  /** Also words that begin so; `'last'` (the default) only for the last word, as one types. */
  readonly prefix?: boolean | 'last'
  /** Edit distance as a fraction of the word's length (0.2), or a count (≥ 1), or off (the default). */
  readonly fuzzy?: number | false
  /** Whether a row must match all words (`AND`, the default) or any. */
  readonly combine?: 'AND' | 'OR'
  /** Only these fields. */
  readonly fields?: readonly (keyof Row & string)[]
  /** Only rows that meet all of these. */
  readonly where?: Where<Row>
  /** At most this many hits (default 20). */
  readonly limit?: number
}

/** A hit. */
export interface SearchHit<Row> {
  readonly key: string
  readonly row: Row
  readonly score: number
  /** The indexed words that matched. */
  readonly terms: readonly string[]
  /** By field, a passage around the matches, cut into parts; `match` parts are to be highlighted. */
  readonly snippets: Readonly<Record<string, readonly { readonly text: string; readonly match: boolean }[]>>
}

/** What a search answers. */
export interface SearchResult<Row> {
  readonly hits: readonly SearchHit<Row>[]
  /** All rows that match, also beyond `limit` (with `where`: those found while filling `limit`, at least). */
  readonly total: number
}

/** A search index as the page sees it. */
export interface SearchView<Row> {
  search(text: string, options?: SearchOptions<Row>): Query<SearchResult<Row>>
  /** Completions of what has been typed, best first. */
  suggest(
    text: string,
    options?: Freshness & { readonly limit?: number; readonly fuzzy?: number | false },
  ): Query<readonly { readonly suggestion: string; readonly score: number }[]>
}
