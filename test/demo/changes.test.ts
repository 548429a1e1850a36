// What a person does in the demo can be taken back: the event that undoes a change leaves the row as it was, and leaves
// alone what others changed meanwhile. Folded by hand, with the model's own rules.
import type { Draft, StoredEvent } from '@headwater/log'
import { afterAll, expect, test, vi } from 'vitest'
import {
  assigning,
  type Change,
  commenting,
  deleting,
  editing,
  opening,
  settingStatus,
} from '../../src/issues/changes.ts'
import { assigned, closed, edited } from '../../src/issues/drafts.ts'
import { type Issue, tracker } from '../../src/model.ts'

// Changes carry the time at which they are made.
vi.useFakeTimers({ now: 20, toFake: ['Date'] })
afterAll(() => vi.useRealTimers())

const issue: Issue = {
  id: 'x',
  title: 'The anchor drags',
  body: 'In mud.',
  points: 3,
  labels: ['bug'],
  status: 'open',
  author: 'Ann',
  assignee: 'Bob',
  openedAt: 5,
  closedAt: null,
  updatedAt: 7,
  comments: 2,
}
const closedIssue: Issue = { ...issue, status: 'closed', closedAt: 6 }

function fold(row: Issue | undefined, { type, data }: Draft): Issue | undefined {
  const rule = tracker.views.issues.rules.find(({ event }) => event.type === type)
  const key = String(rule?.key(data))
  expect(key).toBe('x')
  const event = { type, data, version: 1 } as StoredEvent
  const after: Issue | null | undefined = rule?.fold(row, event, key)
  return after ?? undefined
}

const timeless = (row: Issue | undefined): Issue | undefined => row && { ...row, updatedAt: 0 }

const changes: readonly (readonly [Issue | undefined, Change])[] = [
  [undefined, opening('x', issue)],
  [issue, editing(issue, { title: 'It drags', points: 5 })],
  [issue, editing(issue, { labels: [] })],
  [issue, settingStatus(issue, 'closed')],
  [closedIssue, settingStatus(closedIssue, 'open')],
  [issue, assigning(issue, null)],
  [issue, deleting(issue)],
  [issue, commenting(issue, 'More chain.')],
]

test.each(changes)('%# a change is made, taken back, and made again', (before, change) => {
  const made = fold(before, change.make())
  expect(timeless(made)).not.toEqual(timeless(before))
  const unmade = fold(made, change.unmake())
  expect(timeless(unmade)).toEqual(timeless(before))
  expect(timeless(fold(unmade, change.make()))).toEqual(timeless(made))
})

test('taking back leaves what others did meanwhile', () => {
  const change = editing(issue, { title: 'It drags' })
  const others = [assigned('x', 'Cleo'), closed('x', 9), edited('x', { points: 8 })]
  const after = [change.make(), ...others, change.unmake()].reduce(fold, issue)
  expect(after).toMatchObject({
    title: issue.title,
    assignee: 'Cleo',
    status: 'closed',
    closedAt: 9,
    points: 8,
  })
})
