// The figures of the charts, from the groups of aggregates: nothing is lost on the way.
import { week } from 'headwater'
import { expect, test } from 'vitest'
import { agesOf } from '../../src/numbers/ages.ts'
import { loadsOf } from '../../src/numbers/loads.ts'
import { niceTop } from '../../src/numbers/plot-scale.ts'
import { weeksOf } from '../../src/numbers/weeks.ts'

const NOW = Date.UTC(2026, 10, 27)
const WEEK_MS = 7 * 86_400_000
const ago = (weeks: number, issues: number) => ({
  group: week(NOW - weeks * WEEK_MS),
  issues,
  points: 2 * issues,
})

test('open issues are counted by age, also those of years ago and of a clock that was ahead', () => {
  const groups = [
    ago(-3, 1),
    ago(0, 2),
    ago(1, 4),
    ago(3, 8),
    ago(4, 16),
    ago(7, 32),
    ago(51, 64),
    ago(400, 128),
  ]
  const ages = agesOf(groups, 'issues', NOW)
  expect(ages.map(({ name, open }) => `${name}: ${open}`)).toEqual([
    '0: 3',
    '1: 4',
    '2: 8',
    '4: 48',
    '8: 0',
    '13: 0',
    '26: 64',
    '52: 128',
  ])
  expect(agesOf(groups, 'points', NOW).reduce((sum, { open }) => sum + open, 0)).toBe(2 * 255)
})

test('a week without anything is among the weeks', () => {
  const weeks = weeksOf([ago(2, 5)], [ago(0, 1)], 'issues', { now: NOW, count: 3 })
  expect(weeks.map(({ opened, closed }) => [opened, closed])).toEqual([
    [5, 0],
    [0, 0],
    [0, 1],
  ])
})

test('who has most points open comes first, and nobody is somebody', () => {
  const groups = [
    { group: ['June', 'closed'], issues: 9, points: 90 },
    { group: ['June', 'open'], issues: 1, points: 2 },
    { group: [null, 'open'], issues: 2, points: 8 },
  ] as const
  expect(loadsOf(groups)).toEqual([
    { name: null, open: 2, openPoints: 8, closed: 0 },
    { name: 'June', open: 1, openPoints: 2, closed: 9 },
  ])
})

test('a scale ends at a round number that is no smaller than what it holds', () => {
  for (const most of [0, 1, 2, 3, 7, 10, 11, 99, 101, 4_321])
    expect(niceTop(most)).toBeGreaterThanOrEqual(most)
  expect([0, 3, 45, 180].map(niceTop)).toEqual([2, 4, 60, 200])
})
