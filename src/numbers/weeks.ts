/** The last weeks with what was opened and closed in each, joined from two aggregates. Weeks without either are kept. */
import { week } from 'headwater'

export type MeasureName = 'issues' | 'points'

export interface WeekFigures {
  /** `2026-W47`, as the aggregates group. */
  readonly name: string
  /** When it began, about: what the axis shows. */
  readonly time: number
  readonly opened: number
  readonly closed: number
}

export interface WeekGroup {
  readonly group: string
  readonly issues: number
  readonly points: number
}

const WEEK_MS = 7 * 86_400_000

export function weeksOf(
  opened: readonly WeekGroup[],
  closed: readonly WeekGroup[],
  measure: MeasureName,
  { now, count }: { readonly now: number; readonly count: number },
): readonly WeekFigures[] {
  const openedByName = new Map(opened.map((group) => [group.group, group[measure]]))
  const closedByName = new Map(closed.map((group) => [group.group, group[measure]]))
  return Array.from({ length: count }, (_, i) => {
    const time = now - (count - 1 - i) * WEEK_MS
    const name = week(time)
    return { name, time, opened: openedByName.get(name) ?? 0, closed: closedByName.get(name) ?? 0 }
  })
}

const month = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' })

/** The name of each second month at its first week: as many as have room on a telephone. */
export function monthTicks(weeks: readonly WeekFigures[]): readonly { at: number; label: string }[] {
  return weeks
    .flatMap(({ time }, at) => {
      const before = weeks[at - 1]
      const label = month.format(time)
      return before !== undefined && month.format(before.time) !== label ? [{ at, label }] : []
    })
    .filter((_, i) => i % 2 === 0)
}
