/** How old the open issues are, from how many are open of each week: weeks gathered into ages that widen. Pure. */
import { week } from 'headwater'
import type { MeasureName, WeekGroup } from './weeks.ts'

export interface Age {
  /** Its first week: all that an axis has room for on a phone. */
  readonly name: string
  /** The same in words. */
  readonly words: string
  readonly open: number
}

const WEEK_MS = 7 * 86_400_000
/** The first week of each age; the last one has no end. */
const FROM_WEEKS = [0, 1, 2, 4, 8, 13, 26, 52] as const

export function agesOf(groups: readonly WeekGroup[], measure: MeasureName, now: number): readonly Age[] {
  const ageByWeek = new Map(
    Array.from({ length: FROM_WEEKS.at(-1) ?? 0 }, (_, weeks) => [week(now - weeks * WEEK_MS), weeks]),
  )
  const sums = FROM_WEEKS.map(() => 0)
  for (const group of groups) {
    // What is not among the weeks of the last year is older, or of a week to come: a clock that was ahead.
    const weeks = ageByWeek.get(group.group) ?? (group.group > week(now) ? 0 : Number.POSITIVE_INFINITY)
    const at = FROM_WEEKS.findLastIndex((from) => from <= weeks)
    sums[at] = (sums[at] ?? 0) + group[measure]
  }
  return FROM_WEEKS.map((from, i) => ({
    name: String(from),
    words: wordsOf(from, FROM_WEEKS[i + 1]),
    open: sums[i] ?? 0,
  }))
}

function wordsOf(from: number, next: number | undefined): string {
  if (next === undefined) return `${from} weeks or more`
  if (next === from + 1) return from === 0 ? 'this week' : `${from} week`
  return `${from} to ${next - 1} weeks`
}
