/**
 * What belongs to one view group: a table, its indexes and its aggregates, with the names and fingerprints under which
 * its state is stored. Two builds of an app share a group's maps where these agree, and nothing where they do not.
 */
import { createAggregatePart } from '../aggregate/aggregate-part.ts'
import type { AggregateDefinition, TableDefinition } from '../definition.ts'
import { aggregateFingerprint, lineageFingerprint, tableFingerprint } from '../fingerprint.ts'
import { HISTORY } from '../table/history.ts'
import { createIndexPart, indexEntries } from '../table/index-part.ts'
import { ROWS } from '../table/maps.ts'
import type { Part } from './part.ts'

/** How a part is made. */
export interface PartDefinition {
  readonly id: string
  /** The name of the aggregate that it is; nothing for an index. */
  readonly aggregate: string | undefined
  readonly create: (build: number) => Part
}

/** A group. */
export interface GroupDefinition {
  readonly table: TableDefinition
  readonly aggregates: readonly AggregateDefinition[]
  readonly parts: readonly PartDefinition[]
  /** The table's fingerprint: lineages of one family share rows, history and equal parts. */
  readonly family: string
  /** The family with all its parts. */
  readonly lineage: string
  /** Whether a stored map means the same here. */
  readonly reuse: (map: string) => boolean
}

/** Puts a table and its aggregates together; `build` is the log's (`Log.build`). */
export function defineGroup(
  table: TableDefinition,
  aggregates: readonly AggregateDefinition[],
  build: string,
): GroupDefinition {
  const indexParts = table.indexes.map((index): PartDefinition => {
    const create = (build: number): Part => createIndexPart(table.name, index, build)
    return { id: indexEntries(index.name), aggregate: undefined, create }
  })
  const aggregateParts = aggregates.map((definition): PartDefinition => {
    const id = `aggregate:${definition.name}:${aggregateFingerprint(definition, build)}`
    return { id, aggregate: definition.name, create: (build) => createAggregatePart(id, definition, build) }
  })
  const parts = [...indexParts, ...aggregateParts]
  const family = tableFingerprint(table, build)
  return {
    table,
    aggregates,
    parts,
    family,
    lineage: lineageFingerprint(
      family,
      parts.map(({ id }) => id),
    ),
    reuse: (map) => map === ROWS || map === HISTORY || parts.some(({ id }) => map.startsWith(`${id}#`)),
  }
}
