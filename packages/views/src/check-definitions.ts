/**
 * How the definitions of one database fit together: every name once, every table of an aggregate or a search index among
 * the views. What one definition says by itself was checked where it was written.
 */
import type {
  AggregateDefinition,
  AnyView,
  DocumentsDefinition,
  SearchDefinition,
  TableDefinition,
} from './definition.ts'
import { refuseDefinition } from './definition-checks.ts'

/** Definitions by kind. */
export interface SortedDefinitions {
  readonly tables: readonly TableDefinition[]
  readonly aggregates: readonly AggregateDefinition[]
  readonly searches: readonly SearchDefinition[]
  readonly documents: readonly DocumentsDefinition[]
}

/** Checks and sorts. Throws `DEFINITION_INVALID`. */
export function checkDefinitions(definitions: readonly AnyView[]): SortedDefinitions {
  const names = new Set<string>()
  for (const { name } of definitions) {
    if (names.has(name)) refuseDefinition(`two views are named "${name}"`, 'Give each a name of its own.')
    names.add(name)
  }
  const tables = definitions.filter((view) => view.kind === 'table')
  const aggregates = definitions.filter((view) => view.kind === 'aggregate')
  const searches = definitions.filter((view) => view.kind === 'search')
  for (const { name, table } of [...aggregates, ...searches]) {
    if (tables.includes(table)) continue
    refuseDefinition(
      `"${name}" is of the table "${table.name}", which is not among the views`,
      'List the table itself; `.on` and `.index` return new tables, so use the last one everywhere.',
    )
  }
  const documents = definitions.filter((view) => view.kind === 'documents')
  for (const { name, documents: joined } of searches) {
    for (const { name: missing } of Object.values(joined).filter((of) => !documents.includes(of))) {
      refuseDefinition(
        `"${name}" is of the documents "${missing}", which are not among the views`,
        'List them.',
      )
    }
  }
  return { tables, aggregates, searches, documents }
}
