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
