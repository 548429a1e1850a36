/**
 * `search(…)`: declares a full-text index over a table. A definition is plain, frozen data; what is wrong is refused where
 * it is written (`DEFINITION_INVALID`). The part that indexes and searches is loaded only where the view folds, so a page
 * that imports the definition does not load it.
 */

import type { SearchDefinition, TableDefinition } from '../definition.ts'
import { checkName, checkVersion, refuseDefinition } from '../definition-checks.ts'

/** Names of a row's members that hold text, or a list of texts, or nothing. */
export type TextField<Row> = {
  [Field in keyof Row & string]-?: Row[Field] extends string | readonly string[] | null | undefined
    ? Field
    : never
}[keyof Row & string]

/** Options of `search`. */
export interface SearchViewOptions<Row> {
  /** From 1 (the default); raise it to have the index built anew. */
  readonly version?: number
  /** The members to index, with their weights: a match in a field of weight 2 counts twice. */
  readonly fields: { readonly [Field in TextField<Row>]?: number }
}

/** More fields than this are a mistake. */
const MAX_FIELDS = 32
const MAX_WEIGHT = 1_000_000

/**
 * Declares a full-text index over the rows of `table`: `search('issueSearch', issues, { fields: { title: 2, body: 1 } })`.
 * Errors: `DEFINITION_INVALID` for an empty name, a bad version, a parent that is no table, no fields, a weight that is
 * not above 0.
 */
export function search<const Name extends string, Row>(
  name: Name,
  table: TableDefinition<string, Row>,
  options: SearchViewOptions<Row>,
): SearchDefinition<Name, Row> {
  checkName('search index', name)
  checkVersion(`search index "${name}"`, options.version)
  if (table?.kind !== 'table') {
    refuseDefinition(`search index "${name}" is over no table`, 'Hand it a table, as `table(…)` gives it.')
  }
  return Object.freeze<SearchDefinition<Name, Row>>({
    kind: 'search',
    name,
    version: options.version ?? 1,
    table,
    fields: Object.freeze(checkedFields(name, options.fields)),
    load: () => import('./view.ts'),
  })
}

function checkedFields(name: string, fields: object): Readonly<Record<string, number>> {
  const entries = Object.entries(fields ?? {}).filter(([, weight]) => weight !== undefined)
  if (entries.length === 0 || entries.length > MAX_FIELDS) {
    refuseDefinition(
      `search index "${name}" is over ${entries.length} fields`,
      `Name 1 to ${MAX_FIELDS} fields with weights: \`fields: { title: 2, body: 1 }\`.`,
    )
  }
  for (const [field, weight] of entries) checkWeight(name, field, weight)
  return Object.fromEntries(entries)
}

function checkWeight(name: string, field: string, weight: unknown): void {
  if (typeof weight === 'number' && weight > 0 && weight <= MAX_WEIGHT) return
  refuseDefinition(
    `search index "${name}" gives field "${field}" the weight ${String(weight)}`,
    `Weights are numbers above 0, up to ${MAX_WEIGHT}; leave a field out to ignore it.`,
  )
}
