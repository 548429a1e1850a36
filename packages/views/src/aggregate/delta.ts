/**
 * What a run of row changes adds to and takes from one measure of one group, before it is laid upon what is stored. A
 * change that takes out what it puts in leaves nothing behind, so that who did not change is not touched.
 */
import { unreachable } from '@headwater/log'
import type { KeyPart, Measure } from '../definition.ts'
import { encodeKey } from '../key.ts'
import { addExact, type ExactSum } from './exact-sum.ts'
import { countValue, type Histogram } from './histogram.ts'

/** By kind of measure; `count` needs no more than the group's rows. */
export type MeasureDelta =
  | { readonly type: 'rows' }
  | { readonly type: 'sum'; sum: ExactSum; counted: number }
  | { readonly type: 'histogram'; readonly histogram: Histogram }
  | { readonly type: 'values'; readonly values: Map<string, ValueDelta> }

/** How much more often a value occurs. */
export interface ValueDelta {
  readonly value: KeyPart
  times: number
}

/** No change yet. */
export function startDelta(kind: Measure['kind']): MeasureDelta {
  switch (kind) {
    case 'count':
      return { type: 'rows' }
    case 'sum':
    case 'average':
      return { type: 'sum', sum: 0, counted: 0 }
    case 'quantile':
      return { type: 'histogram', histogram: new Map() }
    case 'min':
    case 'max':
    case 'countDistinct':
      return { type: 'values', values: new Map() }
    default:
      return unreachable(kind)
  }
}

/** Counts a value in (1) or out (-1). Throws where the measure has no use for such a value. */
export function countIn(delta: MeasureDelta, value: KeyPart | undefined, times: 1 | -1): void {
  if (value === undefined || value === null || delta.type === 'rows') return
  switch (delta.type) {
    case 'sum':
      delta.sum = addExact(delta.sum, times * mustBeNumber(value))
      delta.counted += times
      return
    case 'histogram':
      countValue(delta.histogram, mustBeNumber(value), times)
      return
    case 'values':
      countOccurrence(delta.values, value, times)
      return
    default:
      unreachable(delta)
  }
}

/** Whether anything is left to lay upon what is stored. */
export function isChange(delta: MeasureDelta): boolean {
  switch (delta.type) {
    case 'rows':
      return false
    case 'sum':
      return delta.sum !== 0 || delta.counted !== 0
    case 'histogram':
      return delta.histogram.size > 0
    case 'values':
      return delta.values.size > 0
    default:
      return unreachable(delta)
  }
}

function countOccurrence(values: Map<string, ValueDelta>, value: KeyPart, times: 1 | -1): void {
  const encoded = encodeKey([value])
  const known = values.get(encoded)
  if (known === undefined) values.set(encoded, { value: value === 0 ? 0 : value, times })
  else if (known.times + times === 0) values.delete(encoded)
  else known.times += times
}

function mustBeNumber(value: KeyPart): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new TypeError(`it returned ${typeof value === 'number' ? value : typeof value}, not a finite number`)
}
