// Keys against the order of tuples, compared part by part.

import { isHeadwaterError } from '@headwater/log'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KeyPart } from '../../packages/views/src/definition.ts'
import { decodeKey, encodeKey, prefixRange } from '../../packages/views/src/key.ts'

const edges: readonly number[] = [
  0,
  1,
  -1,
  0.1,
  -0.1,
  1.5,
  63,
  64,
  65,
  4095,
  4096,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e308,
  -1e308,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  Number.MAX_VALUE,
  Number.EPSILON,
  2.2250738585072014e-308,
  1_800_000_000_000,
  1_800_000_000_000 * 1024 + 17,
]
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(...edges),
)
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0x2f }),
  fc.integer({ min: 0x7d, max: 0xffff }),
  fc.constantFrom(0x61, 0x62),
)
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(unit, { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', '\u0000', '\ud800', '\udfff\ud800', ' ', '!', '!!', '"\\', 'x'.repeat(1025), '\uffff'),
)
const part: fc.Arbitrary<KeyPart> = fc.oneof(fc.constantFrom(null, false, true), number, text)
const tuple = fc.array(part, { maxLength: 4 })

function rankOf(part: KeyPart): number {
  if (part === null) return 0
  if (part === false) return 1
  if (part === true) return 2
  return typeof part === 'number' ? 3 : 4
}

function compareParts(a: KeyPart, b: KeyPart): number {
  const rank = rankOf(a) - rankOf(b)
  if (rank !== 0) return rank
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -1 : 1
  return a === b ? 0 : (a as string) < (b as string) ? -1 : 1
}

function compareTuples(a: readonly KeyPart[], b: readonly KeyPart[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareParts(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

const compareKeys = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
const zeroed = (parts: readonly KeyPart[]): readonly KeyPart[] => parts.map((part) => (part === 0 ? 0 : part))

test('keys order as their tuples do', () => {
  const near = tuple.chain((a) =>
    fc.tuple(
      fc.constant(a),
      fc.oneof(
        tuple,
        tuple.map((b) => [...a.slice(0, 2), ...b]),
      ),
    ),
  )
  fc.assert(
    fc.property(near, ([a, b]) => {
      expect(compareKeys(encodeKey(a), encodeKey(b))).toBe(Math.sign(compareTuples(a, b)))
    }),
    { numRuns: 5000, seed: 1 },
  )
  for (const a of edges)
    for (const b of edges) expect(compareKeys(encodeKey([a]), encodeKey([b]))).toBe(Math.sign(a - b))
})

test('a key gives its tuple back exactly, -0 as 0', () => {
  fc.assert(
    fc.property(tuple, (parts) => {
      expect(decodeKey(encodeKey(parts))).toStrictEqual(zeroed(parts))
    }),
    { numRuns: 5000, seed: 2 },
  )
  expect(decodeKey(encodeKey([-0]))).toStrictEqual([0])
})

test('the range of a prefix holds the tuples that begin so, and no other', () => {
  const pair = tuple.chain((a) =>
    fc.tuple(
      fc.constant(a),
      fc.oneof(
        tuple,
        tuple.map((b) => [...a, ...b]),
      ),
    ),
  )
  fc.assert(
    fc.property(pair, ([prefix, other]) => {
      const { from, to } = prefixRange(prefix)
      const key = encodeKey(other)
      const begins = compareTuples(prefix, other.slice(0, prefix.length)) === 0
      expect(key >= from && key <= to).toBe(begins)
    }),
    { numRuns: 5000, seed: 3 },
  )
})

test('what is written for numbers and marks costs JSON no escapes, and small numbers are short', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(null, false, true), number, fc.constantFrom('', ' !\t\n', '\u0000'))),
      (parts) => {
        const key = encodeKey(parts)
        expect(JSON.stringify(key)).toBe(`"${key}"`)
      },
    ),
    { seed: 4 },
  )
  expect(encodeKey([1]).length).toBeLessThanOrEqual(4)
  expect(encodeKey([1_800_000_000_000]).length).toBeLessThanOrEqual(12)
  expect(encodeKey(['abc'])).toHaveLength(5)
})

test('what has no place in an order is refused with its index', () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, undefined, {}]) {
    const parts: readonly unknown[] = ['a', bad]
    try {
      encodeKey(parts as readonly KeyPart[])
      expect.unreachable()
    } catch (error) {
      expect(isHeadwaterError(error, 'QUERY_INVALID') && error.path).toEqual([1])
    }
  }
})
