// What JSON carries exactly, what it does not, and where the fault lies.

import { checkJson, freezeJson, MAX_JSON_DEPTH, normaliseJson, pathToText, sameJson } from '@headwater/log'
import fc from 'fast-check'
import { expect, test } from 'vitest'

class Point {
  readonly x = 1
}

const ownProto: unknown = JSON.parse('{"__proto__":{"a":1}}')

test('what JSON carries passes', () => {
  const values = [null, true, 0, -1.5, 5e-324, '', '\ud800', [], {}, [[{}]], ownProto, Object.create(null)]
  for (const value of values) expect(checkJson(value)).toBeUndefined()
})

const cyclic: Record<string, unknown> = { a: { b: [] } }
;(cyclic.a as { b: unknown[] }).b.push(cyclic)

const hole: unknown[] = []
hole.length = 1

const refused: readonly [unknown, string, (string | number)[]][] = [
  [undefined, 'undefined', []],
  [{ a: undefined }, 'undefined', ['a']],
  [[1, undefined], 'undefined', [1]],
  [{ list: hole }, 'a hole', ['list', 0]],
  [{ a: [{ b: Number.NaN }] }, 'NaN', ['a', 0, 'b']],
  [[Number.POSITIVE_INFINITY], 'Infinity', [0]],
  [{ a: -0 }, '-0', ['a']],
  [{ at: new Date(0) }, 'a Date', ['at']],
  [[new Map()], 'a Map', [0]],
  [new Uint8Array(1), 'an Uint8Array', []],
  [{ p: new Point() }, 'a Point', ['p']],
  [{ f: () => 1 }, 'a function', ['f']],
  [{ toJSON: () => 1 }, 'a function', ['toJSON']],
  [{ s: Symbol('s') }, 'a symbol', ['s']],
  [{ [Symbol('s')]: 1 }, 'a symbol as member name', []],
  [{ n: 1n }, 'a bigint', ['n']],
  [cyclic, 'a cycle', ['a', 'b', 0]],
  [Object.assign([1], { more: 1 }), 'an array with named members', []],
  [
    nested(MAX_JSON_DEPTH + 1),
    `nesting of more than ${MAX_JSON_DEPTH} levels`,
    Array(MAX_JSON_DEPTH).fill(0),
  ],
]

for (const [value, found, path] of refused) {
  test(`${found} at ${pathToText(path)} is refused with its path`, () => {
    expect(checkJson(value)).toEqual({ found, path })
  })
}

test('10,000 levels of nesting are an answer and no overflow', () => {
  expect(checkJson(nested(10_000))?.found).toContain('nesting')
  expect(checkJson(nested(MAX_JSON_DEPTH))).toBeUndefined()
})

test('what passes comes back exactly from JSON text', () => {
  const maybeJson = fc.oneof(fc.jsonValue({ noUnicodeString: false }), fc.anything())
  fc.assert(
    fc.property(maybeJson, (value) => {
      if (checkJson(value)) return
      const back: unknown = JSON.parse(JSON.stringify(value))
      expect(sameJson(back, value)).toBe(true)
    }),
    { seed: 20_260_101, numRuns: 500 },
  )
})

test('normalising drops undefined members as JSON does, and keeps the reference where there are none', () => {
  const value = { a: [{ b: undefined, c: 1 }], __proto__: null }
  expect(normaliseJson(value)).toEqual({ value: { a: [{ c: 1 }] } })
  const plain = { a: [{ c: 1 }] }
  expect(normaliseJson(plain)).toEqual({ value: plain })
  expect('value' in normaliseJson(plain) && (normaliseJson(plain) as { value: unknown }).value).toBe(plain)
  expect([Object.isFrozen(plain), Object.isFrozen(plain.a), Object.isFrozen(plain.a[0])]).toEqual([
    true,
    true,
    true,
  ])
  expect(normaliseJson([undefined])).toEqual({ found: 'undefined', path: [0] })
  expect(normaliseJson(undefined)).toEqual({ found: 'undefined', path: [] })
})

test('normalising keeps an own __proto__', () => {
  const value = JSON.parse('{"__proto__":{"a":1},"b":2}') as Record<string, unknown>
  const normal = normaliseJson({ inside: value, gone: undefined })
  expect(JSON.stringify(normal)).toBe('{"value":{"inside":{"__proto__":{"a":1},"b":2}}}')
})

test('equality is deep, whatever the order of members, and tells 0 from -0', () => {
  expect(sameJson({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true)
  const others: [unknown, unknown][] = [
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [[1], { 0: 1 }],
    [[1], [1, 2]],
    [0, -0],
    [null, {}],
    [ownProto, {}],
    [{}, ownProto],
    ['1', 1],
  ]
  for (const [a, b] of others) expect(sameJson(a, b)).toBe(false)
})

test('freezing goes all the way down', () => {
  const value = freezeJson({ a: [{ b: {} }] })
  expect([value, value.a, value.a[0], value.a[0]?.b].every((part) => Object.isFrozen(part))).toBe(true)
})

function nested(levels: number): unknown {
  let value: unknown[] = []
  for (let i = 1; i < levels; i++) value = [value]
  return value
}
