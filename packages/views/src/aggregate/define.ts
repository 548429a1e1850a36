/**
 * `aggregate(…)`: declares an aggregate of a table, that is the group that each row belongs to and what is measured of
 * each group. Plain, frozen data with the author's functions; what is wrong is refused where it is written
 * (`DEFINITION_INVALID`). Keeping the groups up to date is done elsewhere.
 */

import type { AggregateDefinition, Indexes, KeyPart, Measure, TableDefinition } from '../definition.ts'
import { checkFunction, checkName, checkVersion, refuseDefinition } from '../definition-checks.ts'

/** What an aggregate's measures answer, by name. */
export type MeasureResults<Measures> = {
  readonly [Name in keyof Measures]: Measures[Name] extends Measure<never, infer Result> ? Result : never
}

/** Options of `aggregate`. */
export interface AggregateOptions<Row, Group, Measures> {
  /** From 1 (the default); raise it when the group or a measure changes: the aggregate is then rebuilt. */
  readonly version?: number
  /** The group of a row, one part or a tuple of parts; nothing returned means: this row is in no group. */
  readonly groupBy: (row: Row) => Group
  /** What is measured of each group: `{ issues: count(), points: sum((row) => row.points) }`. */
  readonly measures: Measures
}

/**
 * Declares an aggregate of `table`. Errors: `DEFINITION_INVALID` for an empty name, a bad version, no measure, a measure
 * named `group` (that is what a group is told by), and what is no function.
 */
export function aggregate<
  const Name extends string,
  Row,
  const Group extends KeyPart | readonly KeyPart[] | undefined,
  const Measures extends Readonly<Record<string, Measure<Row, unknown>>>,
>(
  name: Name,
  table: TableDefinition<string, Row, Indexes>,
  options: AggregateOptions<Row, Group, Measures>,
): AggregateDefinition<Name, Exclude<Group, undefined>, MeasureResults<Measures>, Row> {
  const { version = 1, groupBy, measures } = options
  checkName('aggregate', name)
  checkVersion(`aggregate "${name}"`, options.version)
  checkFunction(`the group of aggregate "${name}"`, groupBy)
  checkMeasures(name, measures)
  if (table?.kind !== 'table')
    refuseDefinition(`aggregate "${name}" is of no table`, 'Hand in what `table` returned.')
  return Object.freeze({
    kind: 'aggregate',
    name,
    version,
    table,
    groupBy,
    measures: Object.freeze({ ...measures }),
  })
}

function checkMeasures(name: string, measures: Readonly<Record<string, Measure<never, unknown>>>): void {
  const all = Object.entries(measures)
  if (all.length === 0)
    refuseDefinition(`aggregate "${name}" measures nothing`, 'Give it at least `count()`.')
  for (const [measureName, { kind, value, fraction }] of all) {
    const what = `measure "${measureName}" of aggregate "${name}"`
    if (measureName === 'group') refuseDefinition(`${what} hides the group`, 'Take another name for it.')
    if (kind !== 'count') checkFunction(what, value)
    if (kind === 'quantile' && !(fraction !== undefined && fraction >= 0 && fraction <= 1)) {
      refuseDefinition(
        `${what} asks for the fraction ${String(fraction)}`,
        'Fractions go from 0 to 1: 0.5 is the median.',
      )
    }
  }
}
