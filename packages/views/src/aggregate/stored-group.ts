/**
 * A group as it is stored: `[group, rows, measure, …]`, the measures in the order of their definition, and what each of
 * them answers. A measure stores null (`count`), `[sum, counted]` (`sum`, `average`), the value (`min`, `max`), how many
 * values there are (`countDistinct`) or the histogram's buckets and counts (`quantile`).
 */
import { assert, type Json, unreachable } from '@headwater/log'
import type { AggregateDefinition, Measure } from '../definition.ts'
import type { MeasureDelta } from './delta.ts'
import { type ExactSum, mergeSums, roundSum } from './exact-sum.ts'
import { countBucket, histogramToJson, jsonToHistogram, quantileOf } from './histogram.ts'

/** As it is stored. */
export type StoredGroup = readonly [group: Json, rows: number, ...measures: Json[]]

/** What was stored by `aggregate-part.ts`. */
export function asStoredGroup(value: Json): StoredGroup {
  assert(isStoredGroup(value), 'a stored group is a list of the group, its rows and its measures')
  return value
}

function isStoredGroup(value: Json): value is StoredGroup {
  return Array.isArray(value) && typeof value[1] === 'number'
}

/** A measure that keeps no values, with a delta laid upon it. */
export function mergeMeasure(stored: Json | undefined, delta: MeasureDelta): Json {
  switch (delta.type) {
    case 'rows':
    case 'values':
      return null
    case 'sum': {
      const [sum, counted] = (stored ?? [0, 0]) as readonly [ExactSum, number]
      return [mergeSums(sum, delta.sum), counted + delta.counted]
    }
    case 'histogram': {
      const histogram = jsonToHistogram((stored ?? []) as readonly number[])
      for (const [bucket, times] of delta.histogram) countBucket(histogram, bucket, times)
      return histogramToJson(histogram)
    }
    default:
      return unreachable(delta)
  }
}

/** What a group's measures answer, by name. */
export function groupResults(
  definition: AggregateDefinition,
  stored: StoredGroup,
): Readonly<Record<string, Json>> {
  const [, rows, ...measures] = stored
  const named = Object.entries(definition.measures)
  return Object.fromEntries(
    named.map(([name, measure], i) => [name, resultOf(measure, measures[i] ?? null, rows)]),
  )
}

function resultOf(measure: Measure, stored: Json, rows: number): Json {
  switch (measure.kind) {
    case 'count':
      return rows
    case 'sum':
      return roundSum((stored as readonly [ExactSum, number])[0])
    case 'average':
      return averageOf(stored as readonly [ExactSum, number])
    case 'min':
    case 'max':
    case 'countDistinct':
      return stored
    case 'quantile':
      return quantileOf(jsonToHistogram(stored as readonly number[]), measure.fraction ?? 0)
    default:
      return unreachable(measure.kind)
  }
}

function averageOf([sum, counted]: readonly [ExactSum, number]): number | null {
  return counted === 0 ? null : roundSum(sum) / counted
}
