// Quantiles from histograms against the exact ones of the sorted list.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countValue,
  type Histogram,
  histogramToJson,
  jsonToHistogram,
  quantileOf,
} from '../../packages/views/src/aggregate/histogram.ts'

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => Math.abs(number) > 1e-300),
  fc.integer({ min: -1_000, max: 1_000 }),
)
const fraction = fc.constantFrom(0, 0.01, 0.25, 0.5, 0.9, 0.99, 1)

function histogramOf(values: readonly number[]): Histogram {
  const histogram: Histogram = new Map()
  for (const each of values) countValue(histogram, each, 1)
  return histogram
}

function exactQuantile(values: readonly number[], at: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(at * (sorted.length - 1))] ?? null
}

describe('quantiles', () => {
  test('an answer lies within 1 % of the exact one, also for negative values and zero', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fraction, (values, at) => {
        const exact = exactQuantile(values, at)!
        expect(Math.abs(quantileOf(histogramOf(values), at)! - exact)).toBeLessThanOrEqual(
          Math.abs(exact) * 0.01,
        )
      }),
      { seed: 21, numRuns: 1_000 },
    )
  })

  test('values that were counted in and out again leave nothing behind', () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (kept, passing) => {
        const histogram = histogramOf([...passing, ...kept])
        for (const each of passing) countValue(histogram, each, -1)
        expect(histogramToJson(histogram)).toEqual(histogramToJson(histogramOf(kept)))
      }),
      { seed: 22 },
    )
  })

  test('a histogram survives being stored, and has no quantile without values', () => {
    const histogram = histogramOf([-5, -5, 0, 1e-310, 7, 1e300])
    expect(histogramToJson(jsonToHistogram(histogramToJson(histogram) as readonly number[]))).toEqual(
      histogramToJson(histogram),
    )
    expect(quantileOf(new Map(), 0.5)).toBeNull()
    expect(quantileOf(histogramOf([Number.MAX_VALUE]), 0.5)).toBeLessThanOrEqual(Number.MAX_VALUE)
  })
})
