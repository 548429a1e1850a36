// What is refused where it is written: definitions that cannot work, each with a hint.

import { defineEvent, type HeadwaterError } from '@headwater/log'
import { aggregate, average, count, createViews, quantile, sum, table } from '@headwater/views'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { Closed, createProfile, type Item, items, itemsTable, Opened, perStatus, scheduler } from './world.ts'

const Keyless = defineEvent('keyless', { schema: v.object({ id: v.string() }) })
const fold = (): undefined => undefined
const nothing = undefined as never

function refusalOf(define: () => unknown): HeadwaterError {
  try {
    define()
  } catch (error) {
    return error as HeadwaterError
  }
  throw new Error('it was not refused')
}

describe('definitions', () => {
  test.each<readonly [string, () => unknown]>([
    ['has no name', () => table<Item>('')],
    ['has version 0', () => table<Item>('a', { version: 0 })],
    ['has version 1.5', () => table<Item>('a', { version: 1.5 })],
    ['cannot tell which row', () => table<Item>('a').on(Keyless, fold)],
    ['twice', () => table<Item>('a').on(Opened, fold).on(Opened, fold)],
    ['is no function', () => table<Item>('a').on(Opened, nothing)],
    ['is named "key"', () => table<Item>('a').index('key', (row) => [row.id])],
    ['two indexes', () => items.index('byStatus', (row) => [row.id])],
    ['is no function', () => table<Item>('a').index('byNothing', nothing)],
    ['measures nothing', () => aggregate('a', items, { groupBy: (row) => row.id, measures: {} })],
    [
      'hides the group',
      () => aggregate('a', items, { groupBy: (row) => row.id, measures: { group: count() } }),
    ],
    ['is no function', () => aggregate('a', items, { groupBy: nothing, measures: { n: count() } })],
    [
      'is no function',
      () => aggregate('a', items, { groupBy: (row) => row.id, measures: { n: sum(nothing) } }),
    ],
    [
      'has version -1',
      () => aggregate('a', items, { version: -1, groupBy: () => 1, measures: { n: count() } }),
    ],
    ['is of no table', () => aggregate('a', nothing, { groupBy: () => 1, measures: { n: count() } })],
    [
      'the fraction 2',
      () => aggregate('a', items, { groupBy: () => 1, measures: { n: quantile((row) => row.points, 2) } }),
    ],
  ])('a definition that %s is refused with a hint', (words, define) => {
    const refusal = refusalOf(define)
    expect(refusal).toMatchObject({ code: 'DEFINITION_INVALID', message: expect.stringContaining(words) })
    expect(refusal.hint).not.toBe('')
  })

  test('views that do not fit together are refused', () => {
    const { log, store, locks, clock } = createProfile()
    const given = { log, store, locks, clock, scheduler, lockScope: 'test' }
    const open = (definitions: Parameters<typeof createViews>[0]['definitions']) => () =>
      createViews({ ...given, definitions })
    expect(refusalOf(open([items, itemsTable()])).message).toContain('two views are named "items"')
    expect(refusalOf(open([perStatus])).message).toContain('which is not among the views')
    expect(refusalOf(open([itemsTable(), perStatus])).message).toContain('which is not among the views')
  })

  test('each call returns a new definition, and leaves the old one as it was', () => {
    const first = table<Item>('a')
    const second = first.on(Closed, (row) => row)
    const third = second.index('byId', (row) => [row.id])
    expect([first.rules.length, second.rules.length, third.rules.length]).toEqual([0, 1, 1])
    expect([second.indexes.length, third.indexes.length]).toEqual([0, 1])
    expect(() => Object.assign(first, { name: 'b' })).toThrow(TypeError)
  })

  test('a value that is null counts in no measure', () => {
    const { value } = average((row: { readonly points: number | null }) => row.points)
    expect([value?.({ points: null }), value?.({ points: 0 })]).toEqual([undefined, 0])
  })
})
