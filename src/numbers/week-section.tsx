/** Opened and closed by week: bars that rise for what was opened and hang for what was closed, the same as a table, and the
 * choice between issues and points. */
import { useQuery } from '@headwater/react'
import { type ReactNode, useMemo, useState } from 'react'
import { formatCount } from '../format.ts'
import { useViews } from '../moment.ts'
import { Segments } from '../page/segments.tsx'
import { useCalm } from '../page/use-calm.ts'
import { useNow } from '../page/use-now.ts'
import { FiguresCard } from './figures-card.tsx'
import { type FiguresRow, FiguresTable } from './figures-table.tsx'
import type { Bars } from './plot.ts'
import { niceTop } from './plot-scale.ts'
import { ReadChart } from './read-chart.tsx'
import { type MeasureName, monthTicks, type WeekFigures, weeksOf } from './weeks.ts'

const WEEKS = 53
const HEIGHT = 260
const MEASURES: readonly (readonly [measure: MeasureName, label: string])[] = [
  ['issues', 'issues'],
  ['points', 'points'],
]

export function WeekSection(): ReactNode {
  const [measure, setMeasure] = useState<MeasureName>('issues')
  const { weeks, error } = useWeeks(measure)
  const bars = useMemo(() => barsOf(weeks), [weeks])
  return (
    <FiguresCard
      id="weeks-heading"
      title="By week"
      head={
        <>
          <p className="legend">
            <span data-series="open">opened</span> <span data-series="closed">closed</span>
          </p>
          <Segments
            name="measure"
            legend="Measure"
            options={MEASURES}
            chosen={measure}
            onChoose={setMeasure}
          />
        </>
      }
      error={error}
    >
      <ReadChart
        name="Opened and closed by week"
        bars={bars}
        height={HEIGHT}
        say={(at) => sentenceOf(weeks[at], measure)}
        total={totalOf(weeks, measure)}
      />
      <FiguresTable
        heads={['Week', `${measure} opened`, `${measure} closed`]}
        rows={weeks.toReversed().map((week) => rowOf(week, measure))}
      />
    </FiguresCard>
  )
}

function useWeeks(measure: MeasureName) {
  const { openedByWeek, closedByWeek } = useViews()
  const opened = useCalm(useQuery(openedByWeek.range()))
  const closed = useCalm(useQuery(closedByWeek.range()))
  const now = useNow()
  const weeks = useMemo(
    () => weeksOf(opened.data ?? [], closed.data ?? [], measure, { now, count: WEEKS }),
    [opened.data, closed.data, measure, now],
  )
  const untold = [opened, closed].find(({ data }) => data === undefined)
  return { weeks, error: untold?.error }
}

function sentenceOf(week: WeekFigures | undefined, measure: MeasureName): string {
  if (week === undefined) return 'No week'
  return `${week.name}: ${formatCount(week.opened)} ${measure} opened, ${formatCount(week.closed)} closed`
}

function rowOf({ name, opened, closed }: WeekFigures, measure: MeasureName): FiguresRow {
  const asked = (what: string): string => `were so many ${measure} ${what} in ${name}`
  return {
    key: name,
    name,
    figures: [
      { value: opened, why: { view: 'openedByWeek', group: name, label: asked('opened') } },
      { value: closed, why: { view: 'closedByWeek', group: name, label: asked('closed') } },
    ],
  }
}

function totalOf(weeks: readonly WeekFigures[], measure: MeasureName): string {
  const opened = weeks.reduce((sum, week) => sum + week.opened, 0)
  const closed = weeks.reduce((sum, week) => sum + week.closed, 0)
  return `In a year: ${formatCount(opened)} ${measure} opened, ${formatCount(closed)} closed`
}

function barsOf(weeks: readonly WeekFigures[]): Bars {
  const top = niceTop(Math.max(0, ...weeks.flatMap(({ opened, closed }) => [opened, closed])))
  return {
    direction: 'upright',
    series: [
      { name: 'opened', colour: 'open', values: weeks.map(({ opened }) => opened) },
      { name: 'closed', colour: 'closed', values: weeks.map(({ closed }) => -closed) },
    ],
    ticks: monthTicks(weeks),
    lines: [-top, -top / 2, 0, top / 2, top],
  }
}
