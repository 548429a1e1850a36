// What a definition may not be, refused where it is written, each with a hint.
import {
  type AnyView,
  aggregate,
  count,
  defineDatabase,
  defineEvent,
  isHeadwaterError,
  table,
} from 'headwater'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { Closed, Deleted, type Issue, issues, Noted, Opened, points, tracker } from './world.ts'

const events = [Opened, Closed, Deleted, Noted]
const another = defineEvent('issue.closed', { schema: v.object({ id: v.string() }), key: ({ id }) => id })
const empty = table<Issue>('empty')
const twin = table<Issue>('issues').on(Closed, (row) => row)

function refused(define: () => unknown): string {
  try {
    define()
  } catch (error) {
    if (!isHeadwaterError(error, 'DEFINITION_INVALID')) throw error
    expect(error.hint).not.toBe('')
    return error.message
  }
  return 'not refused'
}
const withViews = (views: Record<string, AnyView>) => () => defineDatabase({ name: 'a', events, views })

test.each([
  ['two views of one name', withViews({ issues, twin, points }), 'two views are named "issues"'],
  [
    'two event types of one name',
    () => defineDatabase({ name: 'a', events: [Closed, another], views: {} }),
    'two event types are named "issue.closed"',
  ],
  ['an aggregate of a table that is not among the views', withViews({ points }), 'not among the views'],
  ['an aggregate of another table of the same name', withViews({ twin, points }), 'not among the views'],
  [
    'a fold of an event that is not listed',
    () => defineDatabase({ name: 'a', events: [Opened], views: { issues } }),
    'folds "issue.closed", which is not among the events',
  ],
  ['a table that folds nothing', withViews({ empty }), 'folds nothing'],
  ['an index on nothing', () => issues.index('byNothing', JSON.parse('null')), 'byNothing'],
  ['a name with a slash', () => defineDatabase({ name: 'a/b', events, views: {} }), 'names no database'],
  ['an empty name', () => defineDatabase({ name: '', events, views: {} }), 'names no database'],
  [
    'an event of our own names',
    () => defineDatabase({ name: 'a', events: [defineEvent('headwater.a', { schema: v.any() })], views: {} }),
    'headwater.a',
  ],
  [
    'an aggregate that measures nothing',
    () => aggregate('none', issues, { groupBy: (row) => row.status, measures: {} }),
    'measures nothing',
  ],
])('%s is refused when it is defined', (_what, define, message) => {
  expect(refused(define)).toContain(message)
})

test('a definition is frozen and keeps what it was given', () => {
  expect(Object.isFrozen(tracker)).toBe(true)
  expect(tracker.views.issues).toBe(issues)
  expect(tracker.events).toEqual(events)
  expect(refused(() => count())).toBe('not refused')
})
