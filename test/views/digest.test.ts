// Digests find differences and nothing else: the order of members is none.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, digestJson, digestText } from '../../packages/views/src/digest.ts'

describe('digests', () => {
  test('the order of members makes no difference', () => {
    expect(digestJson({ a: 1, b: { c: [1, 2], d: null } })).toBe(
      digestJson({ b: { d: null, c: [1, 2] }, a: 1 }),
    )
    expect(digestJson([1, 2])).not.toBe(digestJson([2, 1]))
    expect(digestJson(undefined)).not.toBe(digestJson(null))
  })

  test('they are the same in every engine', () => {
    expect(digestText('')).toBe(digestText(''))
    expect([digestText(''), digestText('headwater'), digestJson({ é: '\ud800' })]).toMatchInlineSnapshot(`
      [
        "180e178be2c23b60",
        "af5a7953b62a6415",
        "d98a71bd4f07473e",
      ]
    `)
  })

  test('equal values have equal digests, unequal ones do not (as far as anyone has seen)', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const one = JSON.parse(JSON.stringify(a))
        const other = JSON.parse(JSON.stringify(b))
        expect(digestJson(one) === digestJson(other)).toBe(canonicalJson(one) === canonicalJson(other))
      }),
      { seed: 41, numRuns: 500 },
    )
  })

  test('texts that differ in one unit differ in their digests', () => {
    const seen = new Set<string>()
    for (let i = 0; i < 65_536; i++) seen.add(digestText(`row ${i}`))
    expect(seen.size).toBe(65_536)
  })
})
