// What the machine room says of a view's memory: no number where there is none.
import { expect, test } from 'vitest'
import { memoryOf } from '../../src/room/memory-of.ts'

test.each([
  ['an aggregate', { kind: 'aggregate', memoryBytes: 0 }, '–'],
  ['an index that is not made yet', { kind: 'search', memoryBytes: 0, unmade: true }, 'none yet'],
  ['an index', { kind: 'search', memoryBytes: 4_200_000 }, '4.2 MB'],
  ['a table that is stored as it stands', { kind: 'table', memoryBytes: 0 }, '0 B'],
] as const)('%s', (_what, view, value) => {
  expect(memoryOf(view).value).toBe(value)
})
