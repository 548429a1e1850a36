/**
 * What an app declares: view definitions. They are plain data plus the user's functions, imported by the page (for
 * names and types) and by the worker (to fold); they hold no state and load nothing heavy. Builders: `table/define.ts`,
 * `aggregate/define.ts`, `search/define.ts`.
 */
import type { EventType, Json, StoredEvent } from '@headwater/log'

/** A part of an index key or of a group: these order null < false < true < numbers < strings. */
export type KeyPart = null | boolean | number | string

/** What every view definition has. */
export interface ViewDefinition<Name extends string = string> {
  readonly kind: 'table' | 'aggregate' | 'search' | 'documents'
  /** Unique in a database; the view is stored under it. */
  readonly name: Name
  /** Raise it when a fold, an index, a group or a measure changes: the view is then rebuilt. */
  readonly version: number
}

/** A pure step: the row before, the event, the key it is about; the row after, or nothing when there is none. */
export type Fold<Row, Data> = (
  row: Row | undefined,
  event: StoredEvent<Data>,
  key: string,
) => Row | null | undefined

/** One `.on(…)` of a table. */
export interface FoldRule<Row = any> {
  readonly event: EventType
  readonly fold: Fold<Row, any>
  /** The key or keys that an event concerns. */
  readonly key: (data: any) => string | readonly string[]
}

/** One `.index(…)` or `.indexEach(…)` of a table. */
export interface IndexDefinition<Row = any> {
  readonly name: string
  /** Under which tuples a row stands in the index, each once; none means: it is not in there. */
  readonly keys: (row: Row) => readonly (readonly KeyPart[])[]
}

/** Names of a table's indexes with the tuple that each is ordered by. */
export type Indexes = Readonly<Record<string, readonly KeyPart[]>>

/** A table: rows by key, folded from events in timestamp order. Built by `table(…)`; each call returns a new one. */
export interface TableDefinition<Name extends string = string, Row = any, Index extends Indexes = any>
  extends ViewDefinition<Name> {
  readonly kind: 'table'
  readonly rules: readonly FoldRule<Row>[]
  readonly indexes: readonly IndexDefinition<Row>[]
  /** Folds events of this type; `key` overrides the event's own key. */
  on<Event extends EventType>(
    event: Event,
    fold: Fold<Row, Event extends EventType<string, any, infer Data> ? Data : never>,
    options?: {
      readonly key?: (
        data: Event extends EventType<string, any, infer Data> ? Data : never,
      ) => string | readonly string[]
    },
  ): TableDefinition<Name, Row, Index>
  /** Orders the rows by the tuple that `key` returns; nothing returned means: this row is not in the index. */
  index<IndexName extends string, const Key extends readonly KeyPart[]>(
    name: IndexName,
    key: (row: Row) => Key | null | undefined,
  ): TableDefinition<Name, Row, Index & { readonly [K in IndexName]: Key }>
  /** The same with any number of tuples for each row: rows with several labels stand under each of them. */
  indexEach<IndexName extends string, const Key extends readonly KeyPart[]>(
    name: IndexName,
    keys: (row: Row) => readonly Key[],
  ): TableDefinition<Name, Row, Index & { readonly [K in IndexName]: Key }>
  /** Only for inference: `typeof issues.Row`. Never there at run time. */
  readonly Row?: Row
}

/** What one measure of an aggregate keeps, by kind. */
export interface Measure<Row = any, Result = any> {
  readonly kind: 'count' | 'sum' | 'average' | 'min' | 'max' | 'countDistinct' | 'quantile'
  /** What is measured of a row; nothing returned means: this row does not count here. */
  readonly value: ((row: Row) => KeyPart | undefined) | undefined
  /** For `quantile`: the fraction, 0 to 1. */
  readonly fraction?: number
  /** Only for inference. Never there at run time. */
  readonly Result?: Result
}

/** An aggregate of a table: one state per group. Built by `aggregate(…)`. */
export interface AggregateDefinition<Name extends string = string, Group = any, Measures = any, Row = any>
  extends ViewDefinition<Name> {
  readonly kind: 'aggregate'
  readonly table: TableDefinition<string, Row>
  /** The group of a row, one part or several; nothing returned means: this row is in no group. */
  readonly groupBy: (row: any) => KeyPart | readonly KeyPart[] | undefined
  readonly measures: Readonly<Record<string, Measure>>
  /** Only for inference. Never there at run time. */
  readonly Group?: Group
  readonly Measures?: Measures
}

/** A full-text index over a table. Built by `search(…)`; its runtime is loaded only where it folds. */
export interface SearchDefinition<Name extends string = string, Row = any> extends ViewDefinition<Name> {
  readonly kind: 'search'
  readonly table: TableDefinition
  /** Weight by field: a top-level member of the row that holds text (or a list of texts), or the text of a document. */
  readonly fields: Readonly<Record<string, number>>
  /** By field, of which documents the one is its text whose id is the row's key. */
  readonly documents: Readonly<Record<string, DocumentsDefinition>>
  /** Only for inference. Never there at run time. */
  readonly Row?: Row
  /** Loads the part that indexes and searches. Only the side that folds calls it. */
  readonly load: () => Promise<typeof import('./search/view.ts')>
}

/** A view of documents that merge by themselves. Built by `documents(…)`; its runtime is loaded only where it folds. */
export interface DocumentsDefinition<Name extends string = string> extends ViewDefinition<Name> {
  readonly kind: 'documents'
  /** What its documents' updates are stored as. */
  readonly event: EventType<string, Uint8Array, Uint8Array>
  /** Loads the part that merges (`documents/runtime.ts`). Only the side that folds calls it. */
  readonly load: () => Promise<object>
}

/** The text of a document as a field of a search index. Built by `document(…)`. */
export interface DocumentText {
  readonly of: DocumentsDefinition
  readonly weight: number
}

/** Any view definition. */
export type AnyView = TableDefinition | AggregateDefinition | SearchDefinition | DocumentsDefinition

export type { Json }
