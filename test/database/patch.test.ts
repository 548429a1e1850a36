// Differences of live answers: whatever two answers are, the patch between them rebuilds the second from the first, and
// what is equal keeps its reference.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPatch } from '../../packages/headwater/src/patch-apply.ts'
import { diffAnswers } from '../../packages/headwater/src/patch-diff.ts'

const seed = 20_260_701
const row = fc.record({ key: fc.string({ maxLength: 2 }), tags: fc.array(fc.nat(3), { maxLength: 2 }) })
const rows = fc.array(row, { maxLength: 12 })
const answer = fc.oneof(
  rows,
  fc.record({ entries: rows, cursor: fc.option(fc.string(), { nil: null }) }),
  fc.jsonValue().filter((value) => !JSON.stringify(value).includes('-0')),
)

test('a patch rebuilds the next answer from the one before, also across the worker (D3)', () => {
  fc.assert(
    fc.property(answer, answer, (before, after) => {
      const patch = diffAnswers(before, after)
      const next = patch === undefined ? before : applyPatch(before, structuredClone(patch))
      expect(next).toEqual(after)
    }),
    { seed, numRuns: 500 },
  )
})

test('rows that did not change keep their reference, wherever they moved (D3)', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(1_000), { maxLength: 30 }), fc.gen(), (ids, g) => {
      const before = ids.map((id) => ({ id, text: `row ${id}` }))
      const after = before
        .filter(() => g(fc.boolean))
        .map(({ id, text }) => ({ id, text }))
        .concat({ id: -1, text: 'new' })
        .sort((a, b) => (g(fc.boolean) ? a.id - b.id : b.id - a.id))
      const patch = diffAnswers(before, after)
      const next = patch === undefined ? before : applyPatch(before, structuredClone(patch))
      expect(next).toEqual(after)
      for (const shown of next as typeof before) {
        const old = before.find(({ id }) => id === shown.id)
        if (old) expect(shown).toBe(old)
      }
    }),
    { seed, numRuns: 200 },
  )
})

test('equal answers differ by nothing, whatever the order of their members (D3)', () => {
  expect(diffAnswers({ a: 1, b: [1] }, { b: [1], a: 1 })).toBeUndefined()
  expect(diffAnswers([], [])).toBeUndefined()
  expect(diffAnswers(undefined, undefined)).toBeUndefined()
})

test('of a thousand rows of which one changed, one is sent', () => {
  const before = Array.from({ length: 1_000 }, (_, id) => ({ id, text: 'same' }))
  const after = before.map((each) => (each.id === 500 ? { ...each, text: 'other' } : each))
  const patch = diffAnswers(before, after)
  expect(patch).toEqual({
    type: 'list',
    runs: [0, 500, -1, 1, 501, 499],
    values: [{ id: 500, text: 'other' }],
  })
})

test('equal members of a changed row keep their reference', () => {
  const before = [{ id: 1, tags: ['a'], title: 'x' }]
  const patch = diffAnswers(before, [{ id: 1, tags: ['a'], title: 'y' }])
  if (patch === undefined) throw new Error('they differ')
  const [next] = applyPatch(before, structuredClone(patch)) as typeof before
  expect(next?.tags).toBe(before[0]?.tags)
  expect(next?.title).toBe('y')
})

test('a row with a member called __proto__ arrives as it is', () => {
  const after: unknown = JSON.parse('[{"__proto__":{"polluted":1},"id":1}]')
  const patch = diffAnswers([{ id: 1 }], after)
  if (patch === undefined) throw new Error('they differ')
  const next = applyPatch([{ id: 1 }], patch)
  expect(JSON.stringify(next)).toBe(JSON.stringify(after))
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})

test('a patch that belongs to another answer is refused', () => {
  expect(() => applyPatch([1], { type: 'list', runs: [0, 2], values: [] })).toThrow(RangeError)
  expect(() => applyPatch(undefined, { type: 'members', members: {} })).toThrow(RangeError)
})
