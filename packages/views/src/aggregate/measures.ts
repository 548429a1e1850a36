/**
 * The measures of an aggregate, as an author names them. A value that is `null` or missing does not count in any of them;
 * where nothing counted, `average`, `min`, `max` and `quantile` answer `null`. Each is exact when rows change and go,
 * but for `quantile`, whose answer lies within 1 % of an exact one.
 */
import type { KeyPart, Measure } from '../definition.ts'

/** What is measured of a row. */
export type ValueOf<Row, Value> = (row: Row) => Value | null | undefined

/** How many rows the group has. */
export function count(): Measure<unknown, number> {
  return { kind: 'count', value: undefined }
}

/** The exact sum, rounded once, when it is read: 0.1 + 0.2 − 0.1 − 0.2 is 0, in any order. */
export function sum<Row>(value: ValueOf<Row, number>): Measure<Row, number> {
  return { kind: 'sum', value: counted(value) }
}

/** The exact sum over how many values counted. */
export function average<Row>(value: ValueOf<Row, number>): Measure<Row, number | null> {
  return { kind: 'average', value: counted(value) }
}

/** The lowest value, in the order false < true < numbers < texts. */
export function min<Row, Value extends KeyPart>(value: ValueOf<Row, Value>): Measure<Row, Value | null> {
  return { kind: 'min', value: counted(value) }
}

/** The highest value, in the order false < true < numbers < texts. */
export function max<Row, Value extends KeyPart>(value: ValueOf<Row, Value>): Measure<Row, Value | null> {
  return { kind: 'max', value: counted(value) }
}

/** How many different values there are. */
export function countDistinct<Row>(value: ValueOf<Row, KeyPart>): Measure<Row, number> {
  return { kind: 'countDistinct', value: counted(value) }
}

/** The value below which `fraction` of the values lie (0.5: the median), within 1 % of it. */
export function quantile<Row>(value: ValueOf<Row, number>, fraction: number): Measure<Row, number | null> {
  return { kind: 'quantile', value: counted(value), fraction }
}

function counted<Row>(value: ValueOf<Row, KeyPart>): (row: Row) => KeyPart | undefined {
  return typeof value === 'function' ? (row) => value(row) ?? undefined : value
}
