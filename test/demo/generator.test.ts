// The demo's generator and what its model makes of the events, folded here by hand in order.
import type { StoredEvent } from '@headwater/log'
import { expect, test } from 'vitest'
import { generateEvents } from '../../src/generator.ts'
import { type Issue, tracker } from '../../src/model.ts'

const endsAt = Date.UTC(2026, 10, 22)
const yearMs = 365 * 86_400_000
const story = (seed: number, count: number) => [...generateEvents({ seed, count, endsAt })]
const timeOf = (data: unknown): number => Number(Reflect.get(Object(data), 'at'))

test('the same seed tells the same story, another seed another one', () => {
  expect(story(7, 500)).toEqual(story(7, 500))
  expect(story(7, 500)).not.toEqual(story(8, 500))
})

test('an event takes about 420 bytes as JSON, and times rise over one year', () => {
  const events = story(1, 5_000)
  const bytes = events.reduce((sum, event) => sum + JSON.stringify(event).length, 0)
  expect(bytes / events.length).toBeGreaterThan(390)
  expect(bytes / events.length).toBeLessThan(450)
  const times = events.map(({ data }) => timeOf(data))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(times.at(-1)).toBe(endsAt)
  expect(endsAt - (times[0] ?? 0)).toBeLessThanOrEqual(yearMs)
})

test('every event of a story passes its schema unchanged', () => {
  for (const { type, data } of story(3, 3_000)) {
    const result = tracker.events.find((event) => event.type === type)?.schema['~standard'].validate(data)
    expect(result).toMatchObject({ value: data })
    expect(result).not.toHaveProperty('issues.0')
  }
})

test('a story makes issues of every kind, and no event is about an issue that is gone', () => {
  const rows = new Map<string, Issue>()
  for (const [i, { type, data }] of story(5, 2_000).entries()) {
    const rule = tracker.views.issues.rules.find(({ event }) => event.type === type)
    const key = String(rule?.key(data))
    const before = rows.get(key)
    expect(before !== undefined || type === 'issue.opened').toBe(true)
    const event = { type, data, version: 1, offset: i, time: timeOf(data) } as StoredEvent
    const after: Issue | null | undefined = rule?.fold(before, event, key)
    if (after) rows.set(key, after)
    else rows.delete(key)
  }
  const issues = [...rows.values()]
  expect(new Set(issues.map(({ status }) => status))).toEqual(new Set(['open', 'closed']))
  expect(issues.some(({ assignee }) => assignee !== null)).toBe(true)
  expect(issues.some(({ comments }) => comments > 1)).toBe(true)
  expect(issues.every(({ closedAt, status }) => (closedAt === null) === (status === 'open'))).toBe(true)
})

test('views are reached by the names that they are stored under', () => {
  expect(Object.entries(tracker.views).every(([property, { name }]) => property === name)).toBe(true)
})
