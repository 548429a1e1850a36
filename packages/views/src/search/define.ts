/**
 * `search(…)`: declares a full-text index over a table. A definition is plain, frozen data; what is wrong is refused where
 * it is written (`DEFINITION_INVALID`). The part that indexes and searches is loaded only where the view folds, so a page
 * that imports the definition does not load it.
 */

import type { DocumentText, SearchDefinition, TableDefinition } from '../definition.ts'
import { checkName, checkVersion, refuseDefinition } from '../definition-checks.ts'

/** Names of a row's members that hold text, or a list of texts, or nothing. */
export type TextField<Row> = {
  [Field in keyof Row & string]-?: Row[Field] extends string | readonly string[] | null | undefined
    ? Field
    : never
}[keyof Row & string]

/** What fields may be: members of the row that hold text, by weight, and texts of documents under any name. */
export type SearchFields<Row, Fields> = {
  readonly [Field in keyof Fields]: Field extends TextField<Row>
    ? number | DocumentText
    : Fields[Field] extends DocumentText
      ? DocumentText
      : never
}

/** Options of `search`. */
export interface SearchViewOptions<Row, Fields> {
  /** From 1 (the default); raise it to have the index built anew. */
  readonly version?: number
  /** The members to index, with their weights: a match in a field of weight 2 counts twice. */
  readonly fields: Fields & SearchFields<Row, Fields>
}

/** More fields than this are a mistake. */
const MAX_FIELDS = 32
const MAX_WEIGHT = 1_000_000

/**
 * Declares a full-text index over the rows of `table`: `search('issueSearch', issues, { fields: { title: 2, body: 1 } })`.
 * Errors: `DEFINITION_INVALID` for an empty name, a bad version, a parent that is no table, no fields, a weight that is
 * not above 0.
 */
export function search<
  const Name extends string,
  Row,
  const Fields extends Readonly<Record<string, number | DocumentText>>,
>(
  name: Name,
  table: TableDefinition<string, Row>,
  options: SearchViewOptions<Row, Fields>,
): SearchDefinition<Name, Row> {
  checkName('search index', name)
  checkVersion(`search index "${name}"`, options.version)
  if (table?.kind !== 'table') {
    refuseDefinition(`search index "${name}" is over no table`, 'Hand it a table, as `table(…)` gives it.')
  }
  const fields = Object.entries<unknown>(options.fields ?? {}).filter(([, weight]) => weight !== undefined)
  const documents = fields.flatMap(([field, of]) => (isDocumentText(of) ? [[field, of.of] as const] : []))
  return Object.freeze<SearchDefinition<Name, Row>>({
    kind: 'search',
    name,
    version: options.version ?? 1,
    table,
    fields: Object.freeze(checkedFields(name, fields)),
    documents: Object.freeze(Object.fromEntries(documents)),
    load: () => import('./view.ts'),
  })
}

function isDocumentText(given: unknown): given is DocumentText {
  return typeof given === 'object' && given !== null && 'of' in given && 'weight' in given
}

function checkedFields(
  name: string,
  fields: readonly (readonly [string, unknown])[],
): Readonly<Record<string, number>> {
  const entries = fields.map(
    ([field, given]) => [field, isDocumentText(given) ? given.weight : given] as const,
  )
  if (entries.length === 0 || entries.length > MAX_FIELDS) {
    refuseDefinition(
      `search index "${name}" is over ${entries.length} fields`,
      `Name 1 to ${MAX_FIELDS} fields with weights: \`fields: { title: 2, body: 1 }\`.`,
    )
  }
  return Object.fromEntries(entries.map(([field, weight]) => [field, checkWeight(name, field, weight)]))
}

function checkWeight(name: string, field: string, weight: unknown): number {
  if (typeof weight === 'number' && weight > 0 && weight <= MAX_WEIGHT) return weight
  return refuseDefinition(
    `search index "${name}" gives field "${field}" the weight ${String(weight)}`,
    `Weights are numbers above 0, up to ${MAX_WEIGHT}; leave a field out to ignore it.`,
  )
}
