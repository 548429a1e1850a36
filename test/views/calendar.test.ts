// Days, weeks and months against dates that are known, and against the definition of ISO 8601.

import { day, month, week } from '@headwater/views'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const at = (iso: string): number => Date.parse(iso)

describe('groups by calendar', () => {
  test('a day, a month and a week have the names of ISO 8601', () => {
    expect(day(at('2026-11-22T23:59:59.999Z'))).toBe('2026-11-22')
    expect(month(at('2026-11-22T12:00:00Z'))).toBe('2026-11')
    expect(week(at('2026-11-22T12:00:00Z'))).toBe('2026-W47')
    expect(day(at('1969-12-31T23:00:00Z'))).toBe('1969-12-31')
  })

  test('a week belongs to the year that has its Thursday', () => {
    expect(week(at('2027-01-03T12:00:00Z'))).toBe('2026-W53')
    expect(week(at('2027-01-04T00:00:00Z'))).toBe('2027-W01')
    expect(week(at('2024-12-30T00:00:00Z'))).toBe('2025-W01')
    expect(week(at('2021-01-01T00:00:00Z'))).toBe('2020-W53')
  })

  test('an offset moves the clock, not the time', () => {
    const time = at('2026-11-22T23:30:00Z')
    expect(day(time, 60)).toBe('2026-11-23')
    expect(day(time, -24 * 60)).toBe('2026-11-21')
    expect(week(time, 60)).toBe('2026-W48')
    expect(month(at('2026-11-30T23:30:00Z'), 45)).toBe('2026-12')
  })

  test('groups order as times do, and a week lasts from Monday to Sunday', () => {
    const time = fc.integer({ min: at('1970-01-01'), max: at('2200-01-01') })
    fc.assert(
      fc.property(time, time, (a, b) => {
        for (const group of [day, week, month]) if (a <= b) expect(group(a) <= group(b)).toBe(true)
        const monday = a - ((new Date(a).getUTCDay() + 6) % 7) * 86_400_000
        expect(week(monday)).toBe(week(a))
        expect(week(monday + 6 * 86_400_000)).toBe(week(a))
        expect(week(monday - 86_400_000)).not.toBe(week(a))
      }),
      { seed: 31 },
    )
  })

  test('a time that is no date is refused', () => {
    expect(() => day(Number.NaN)).toThrow(RangeError)
  })
})
