/**
 * Groups by calendar: the day, week or month of a time, as text that orders as time does. `offsetMinutes` is the fixed
 * distance of the wanted clock from UTC (60 for UTC+1); the time zone of the device is not asked, since every replica has
 * to come to the same group (V1). A time that is no date is a `RangeError`.
 */

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** `2026-11-22`. `time` in milliseconds since 1970. */
export function day(time: number, offsetMinutes = 0): string {
  return isoDate(local(time, offsetMinutes))
}

/** `2026-W47`: the week of ISO 8601, which begins on Monday and belongs to the year that has its Thursday. */
export function week(time: number, offsetMinutes = 0): string {
  const date = local(time, offsetMinutes)
  const fromMonday = (date.getUTCDay() + 6) % 7
  const thursday = new Date(date.getTime() + (3 - fromMonday) * DAY_MS)
  const yearText = isoDate(thursday).slice(0, -6)
  const january = new Date(thursday.getTime())
  january.setUTCMonth(0, 1)
  const number = 1 + Math.floor((thursday.getTime() - january.getTime()) / DAY_MS / 7)
  return `${yearText}-W${String(number).padStart(2, '0')}`
}

/** `2026-11`. */
export function month(time: number, offsetMinutes = 0): string {
  return isoDate(local(time, offsetMinutes)).slice(0, -3)
}

function local(time: number, offsetMinutes: number): Date {
  return new Date(time + offsetMinutes * MINUTE_MS)
}

function isoDate(date: Date): string {
  return date.toISOString().split('T', 1)[0] ?? ''
}
