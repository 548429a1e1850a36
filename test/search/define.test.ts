// What a search definition is, and what is refused where it is written.

import { describe, expect, test } from 'vitest'
import { search } from '../../packages/views/src/search/define.ts'
import { table } from '../../packages/views/src/table/define.ts'

interface Issue {
  readonly title: string
  readonly body: string | null
  readonly labels?: readonly string[]
  readonly points: number
}

const issues = table<Issue>('issues')

describe('search(…)', () => {
  test('is frozen data with a name, a version, a table and weights', async () => {
    const definition = search('issueSearch', issues, { fields: { title: 2, body: 1, labels: 0.5 } })
    expect(definition).toMatchObject({ kind: 'search', name: 'issueSearch', version: 1, table: issues })
    expect(definition.fields).toEqual({ title: 2, body: 1, labels: 0.5 })
    expect(Object.isFrozen(definition) && Object.isFrozen(definition.fields)).toBe(true)
    expect((await definition.load()).createSearchView).toBeTypeOf('function')
  })

  test.each([
    ['no name', () => search('', issues, { fields: { title: 1 } })],
    ['a version below 1', () => search('s', issues, { version: 0, fields: { title: 1 } })],
    ['a broken version', () => search('s', issues, { version: 1.5, fields: { title: 1 } })],
    ['no fields', () => search('s', issues, { fields: {} })],
    ['a weight of 0', () => search('s', issues, { fields: { title: 0 } })],
    ['a weight below 0', () => search('s', issues, { fields: { title: -1 } })],
    ['a weight that is no number', () => search('s', issues, { fields: { title: Number.NaN } })],
    ['an endless weight', () => search('s', issues, { fields: { title: Number.POSITIVE_INFINITY } })],
  ])('with %s is refused by name', (_what, define) => {
    expect(define).toThrow(expect.objectContaining({ code: 'DEFINITION_INVALID', hint: expect.any(String) }))
  })

  test('over no table is refused by name', () => {
    const nothing: unknown = undefined
    expect(() => search('s', nothing as typeof issues, { fields: { title: 1 } })).toThrow(
      expect.objectContaining({ code: 'DEFINITION_INVALID' }),
    )
  })
})
