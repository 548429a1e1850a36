/** Opened and closed by week: a chart, the same as a table, and the choice between issues and points. */
import { useQuery } from '@headwater/react'
import { type ReactNode, useMemo, useState } from 'react'
import { formatCount } from '../format.ts'
import { useViews } from '../moment.ts'
import { useCalm } from '../page/use-calm.ts'
import { useNow } from '../page/use-now.ts'
import { WeekChart } from './week-chart.tsx'
import { type MeasureName, type WeekFigures, weeksOf } from './weeks.ts'

const WEEKS = 53
const MEASURES: readonly MeasureName[] = ['issues', 'points']

export function WeekSection(): ReactNode {
  const [measure, setMeasure] = useState<MeasureName>('issues')
  const { openedByWeek, closedByWeek } = useViews()
  const { data: opened } = useCalm(useQuery(openedByWeek.range()))
  const { data: closed } = useCalm(useQuery(closedByWeek.range()))
  const now = useNow()
  const weeks = useMemo(
    () => weeksOf(opened ?? [], closed ?? [], measure, { now, count: WEEKS }),
    [opened, closed, measure, now],
  )
  return (
    <section className="card" aria-labelledby="weeks-heading">
      <header>
        <h2 id="weeks-heading">By week</h2>
        <p className="legend">
          <span data-series="open">opened</span> <span data-series="closed">closed</span>
        </p>
        <fieldset className="segments">
          <legend className="sr-only">Measure</legend>
          {MEASURES.map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="measure"
                checked={measure === name}
                onChange={() => setMeasure(name)}
              />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
      </header>
      <WeekChart weeks={weeks} />
      <details className="table">
        <summary>As a table</summary>
        <WeekTable weeks={weeks} measure={measure} />
      </details>
    </section>
  )
}

interface WeekTableProps {
  readonly weeks: readonly WeekFigures[]
  readonly measure: MeasureName
}

function WeekTable({ weeks, measure }: WeekTableProps): ReactNode {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Week</th>
          <th scope="col">{measure} opened</th>
          <th scope="col">{measure} closed</th>
        </tr>
      </thead>
      <tbody>
        {weeks.toReversed().map(({ name, opened, closed }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{formatCount(opened)}</td>
            <td>{formatCount(closed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
