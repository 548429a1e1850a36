/** How old the open issues are, from how many are open of each week: weeks gathered into ages that widen. Pure. */
import { week } from 'headwater'
import type { MeasureName, WeekGroup } from './weeks.ts'

export interface Age {
  /** In weeks, as the axis has it: `4–7`. */
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
  return FROM_WEEKS.map((from, i) => ({ ...namesOf(from, FROM_WEEKS[i + 1]), open: sums[i] ?? 0 }))
}

function namesOf(from: number, next: number | undefined): Pick<Age, 'name' | 'words'> {
  if (next === undefined) return { name: `${from}+`, words: `${from} weeks or more` }
  if (next === from + 1) return { name: String(from), words: from === 0 ? 'this week' : `${from} week` }
  return { name: `${from}–${next - 1}`, words: `${from} to ${next - 1} weeks` }
}
