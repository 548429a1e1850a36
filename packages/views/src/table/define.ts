/**
 * `table(…)`: declares a table, that is which events fold into its rows, under which key, and in which orders the rows
 * are indexed. A definition is plain, frozen data with the author's functions; each call returns a new one. What is
 * wrong is refused where it is written (`DEFINITION_INVALID`); folding is done elsewhere.
 */
import type { EventType } from '@headwater/log'
import type { FoldRule, IndexDefinition, Indexes, KeyPart, TableDefinition } from '../definition.ts'
import { checkFunction, checkName, checkVersion, refuseDefinition } from '../definition-checks.ts'

/** A table without indexes yet. */
export type NoIndexes = { readonly [name in never]: never }

/** Options of `table`. */
export interface TableOptions {
  /** From 1 (the default); raise it when a fold, a key or an index changes: the table is then rebuilt. */
  readonly version?: number
}

/**
 * Declares a table of rows of type `Row`. `table<Issue>('issues').on(IssueOpened, (row, event, key) => …)`. Errors:
 * `DEFINITION_INVALID` for an empty name, a bad version, an event without key, two folds for one event type, two indexes
 * of one name, an index named `key` (that order is built in).
 */
export function table<Row>(
  name: string,
  options: TableOptions = {},
): TableDefinition<string, Row, NoIndexes> {
  checkName('table', name)
  checkVersion(`table "${name}"`, options.version)
  return create<Row, NoIndexes>({ name, version: options.version ?? 1, rules: [], indexes: [] })
}

interface Parts<Row> {
  readonly name: string
  readonly version: number
  readonly rules: readonly FoldRule<Row>[]
  readonly indexes: readonly IndexDefinition<Row>[]
}

function create<Row, Index extends Indexes>(parts: Parts<Row>): TableDefinition<string, Row, Index> {
  const { name, rules, indexes } = parts
  return Object.freeze<TableDefinition<string, Row, Index>>({
    kind: 'table',
    name,
    version: parts.version,
    rules: Object.freeze(rules),
    indexes: Object.freeze(indexes),
    on: (event, fold, options) => {
      const rule = { event, fold, key: ruleKey(name, rules, event, options?.key) }
      checkFunction(`the fold of "${event.type}" in table "${name}"`, fold)
      return create({ ...parts, rules: [...rules, rule] })
    },
    index: (indexName, key) => {
      checkIndex(name, indexes, indexName, key)
      return create({ ...parts, indexes: [...indexes, { name: indexName, keys: oneKey(key) }] })
    },
    indexEach: (indexName, keys) => {
      checkIndex(name, indexes, indexName, keys)
      return create({ ...parts, indexes: [...indexes, { name: indexName, keys }] })
    },
  })
}

function ruleKey(
  table: string,
  rules: readonly FoldRule[],
  event: EventType,
  own: FoldRule['key'] | undefined,
): FoldRule['key'] {
  if (rules.some((rule) => rule.event.type === event.type)) {
    refuseDefinition(`table "${table}" folds "${event.type}" twice`, 'Put both steps into one fold.')
  }
  const key = own ?? event.key
  if (key !== undefined) return key
  refuseDefinition(
    `table "${table}" cannot tell which row "${event.type}" is about`,
    'Give the event a `key`, or hand one to `on`: `.on(event, fold, { key: (data) => data.id })`.',
  )
}

const NO_KEYS: readonly (readonly KeyPart[])[] = []

function oneKey<Row>(key: (row: Row) => readonly KeyPart[] | null | undefined): IndexDefinition<Row>['keys'] {
  return (row) => {
    const tuple = key(row)
    return tuple === undefined || tuple === null ? NO_KEYS : [tuple]
  }
}

function checkIndex(table: string, indexes: readonly IndexDefinition[], name: string, key: unknown): void {
  checkName(`index of table "${table}"`, name)
  if (name === 'key') {
    refuseDefinition(
      `an index of table "${table}" is named "key"`,
      'That order is built in; take another name.',
    )
  }
  if (indexes.some((index) => index.name === name)) {
    refuseDefinition(`table "${table}" has two indexes named "${name}"`, 'Give each a name of its own.')
  }
  checkFunction(`index "${name}" of table "${table}"`, key)
}
