/** Opened and closed by week: bars that rise for what was opened and hang for what was closed, the same as a table, and the
 * choice between issues and points. */
import { useQuery } from '@headwater/react'
import { type ReactNode, useMemo, useState } from 'react'
import { formatCount } from '../format.ts'
import { useViews } from '../moment.ts'
import { useCalm } from '../page/use-calm.ts'
import { useNow } from '../page/use-now.ts'
import { Chart } from './chart.tsx'
import { FiguresCard } from './figures-card.tsx'
import { type FiguresRow, FiguresTable } from './figures-table.tsx'
import type { Bars } from './plot.ts'
import { niceTop } from './plot-scale.ts'
import { Readout } from './readout.tsx'
import { type MeasureName, monthTicks, type WeekFigures, weeksOf } from './weeks.ts'

const WEEKS = 53
const HEIGHT = 260
const MEASURES: readonly MeasureName[] = ['issues', 'points']

export function WeekSection(): ReactNode {
  const [measure, setMeasure] = useState<MeasureName>('issues')
  const { weeks, error } = useWeeks(measure)
  const bars = useMemo(() => barsOf(weeks), [weeks])
  const [marked, setMarked] = useState<number>()
  const say = (at: number): string => sentenceOf(weeks[at], measure)
  return (
    <FiguresCard
      id="weeks-heading"
      title="By week"
      head={
        <>
          <p className="legend">
            <span data-series="open">opened</span> <span data-series="closed">closed</span>
          </p>
          <MeasureChoice measure={measure} onMeasure={setMeasure} />
        </>
      }
      error={error}
    >
      <Readout>{marked === undefined ? totalOf(weeks, measure) : say(marked)}</Readout>
      <Chart
        name="Opened and closed by week"
        bars={bars}
        height={HEIGHT}
        marked={marked}
        onMark={setMarked}
        say={say}
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

interface MeasureChoiceProps {
  readonly measure: MeasureName
  readonly onMeasure: (measure: MeasureName) => void
}

function MeasureChoice({ measure, onMeasure }: MeasureChoiceProps): ReactNode {
  return (
    <fieldset className="segments">
      <legend className="sr-only">Measure</legend>
      {MEASURES.map((name) => (
        <label key={name}>
          <input type="radio" name="measure" checked={measure === name} onChange={() => onMeasure(name)} />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  )
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
