// Sums that do not round, against their naive twin: rational numbers as a pair of big integers.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addExact, type ExactSum, mergeSums, roundSum } from '../../packages/views/src/aggregate/exact-sum.ts'

/** Every double is a whole multiple of 2^-1074. */
const SCALE = 1_074n

function naive(values: readonly number[]): bigint {
  return values.reduce((total, value) => total + toMultiple(value), 0n)
}

function toMultiple(value: number): bigint {
  let scaled = value
  let shift = SCALE
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    shift--
  }
  return BigInt(scaled) << shift
}

function exactly(sum: ExactSum): bigint {
  if (typeof sum === 'number') return toMultiple(sum)
  return BigInt(sum[0]) << (BigInt(sum[1]) + SCALE)
}

function sumOf(values: readonly number[]): ExactSum {
  return values.reduce<ExactSum>(addExact, 0)
}

const any = fc.double({ noNaN: true, noDefaultInfinity: true })
const money = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => cents / 100)
const values = fc.array(fc.oneof(any, money, fc.integer()), { maxLength: 24 })

describe('exact sums', () => {
  test('0.1 + 0.2 − 0.1 − 0.2 is 0, and 1e308 + 1e308 − 1e308 − 1e308 too', () => {
    expect(sumOf([0.1, 0.2, -0.1, -0.2])).toBe(0)
    expect(sumOf([1e308, 1e308, -1e308, -1e308])).toBe(0)
    expect(sumOf([1e308, 5e-324, -1e308])).toBe(5e-324)
    expect(Object.is(sumOf([-0]), 0)).toBe(true)
  })

  test('a sum holds exactly what was added (naive twin)', () => {
    fc.assert(
      fc.property(values, (some) => {
        expect(exactly(sumOf(some))).toBe(naive(some))
      }),
      { seed: 11, numRuns: 500 },
    )
  })

  test('the order of adding and taking away is of no account (V3)', () => {
    fc.assert(
      fc.property(values, values, fc.func(fc.integer()), (kept, passing, key) => {
        const steps = [...kept, ...passing, ...passing.map((value) => -value)]
        const shuffled = steps.toSorted((a, b) => key(a) - key(b))
        expect(sumOf(shuffled)).toEqual(sumOf(kept))
        expect(mergeSums(sumOf(passing), sumOf(kept))).toEqual(sumOf([...kept, ...passing]))
      }),
      { seed: 12, numRuns: 300 },
    )
  })

  test('what is read is the double nearest to the exact sum', () => {
    fc.assert(
      fc.property(values, (some) => {
        const sum = sumOf(some)
        const rounded = roundSum(sum)
        if (!Number.isFinite(rounded)) return
        const distance = (double: number): bigint => {
          const difference = toMultiple(double) - exactly(sum)
          return difference < 0n ? -difference : difference
        }
        for (const neighbour of neighboursOf(rounded)) {
          if (Number.isFinite(neighbour)) expect(distance(rounded) <= distance(neighbour)).toBe(true)
        }
      }),
      { seed: 13, numRuns: 500 },
    )
  })

  test('a sum survives being stored', () => {
    fc.assert(
      fc.property(values, (some) => {
        const sum = sumOf(some)
        expect(JSON.parse(JSON.stringify(sum))).toEqual(sum)
      }),
      { seed: 14 },
    )
  })
})

/** The doubles next to one, by their bits. */
function neighboursOf(value: number): readonly number[] {
  const bits = new DataView(new ArrayBuffer(8))
  return [-1n, 1n].map((step) => {
    bits.setFloat64(0, value === 0 ? 5e-324 : value)
    bits.setBigInt64(0, bits.getBigInt64(0) + step)
    return bits.getFloat64(0)
  })
}
