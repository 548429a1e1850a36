/** Open points by assignee: lying bars, and a table whose names lead to the issues. */
import { useQuery } from '@headwater/react'
import { type ReactNode, useMemo } from 'react'
import { formatCount, plural } from '../format.ts'
import type { Status } from '../model.ts'
import { useViews } from '../moment.ts'
import { useCalm } from '../page/use-calm.ts'
import type { WhyProps } from '../room/why.tsx'
import { hrefOf } from '../route.ts'
import { FiguresCard } from './figures-card.tsx'
import { type FiguresRow, FiguresTable } from './figures-table.tsx'
import { type Load, loadsOf } from './loads.ts'
import type { Bars } from './plot.ts'
import { niceTop } from './plot-scale.ts'
import { ReadChart } from './read-chart.tsx'

/** Those with most in hand are drawn; the table has everybody. */
const DRAWN = 11
const HEIGHT = 320
const NAME_LENGTH = 14

export function PeopleSection(): ReactNode {
  const { data, error } = useCalm(useQuery(useViews().byAssignee.range()))
  const loads = useMemo(() => loadsOf(data ?? []), [data])
  const bars = useMemo(() => barsOf(loads.slice(0, DRAWN)), [loads])
  return (
    <FiguresCard id="people-heading" title="Open points by assignee" error={data ? undefined : error}>
      <ReadChart
        name="Open points by assignee"
        bars={bars}
        height={HEIGHT}
        say={(at) => sentenceOf(loads[at])}
        total={totalOf(loads)}
      />
      <FiguresTable heads={['Assignee', 'open points', 'open', 'closed']} rows={loads.map(rowOf)} />
    </FiguresCard>
  )
}

const nameOf = ({ name }: Load): string => name ?? 'Nobody'

function sentenceOf(load: Load | undefined): string {
  if (load === undefined) return 'Nobody has anything'
  const { open, openPoints, closed } = load
  return `${nameOf(load)}: ${plural(openPoints, 'point')} in ${plural(open, 'open issue')}, ${formatCount(closed)} closed`
}

function totalOf(loads: readonly Load[]): string {
  const points = loads.reduce((sum, { openPoints }) => sum + openPoints, 0)
  return `${plural(points, 'point')} open in all`
}

function barsOf(loads: readonly Load[]): Bars {
  const values = loads.map(({ openPoints }) => openPoints)
  const top = niceTop(Math.max(0, ...values))
  return {
    direction: 'lying',
    series: [{ name: 'open points', colour: 'open', values }],
    ticks: loads.map((load, at) => ({ at, label: cut(nameOf(load)) })),
    lines: [0, top / 2, top],
  }
}

const cut = (name: string): string =>
  name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name

function rowOf(load: Load): FiguresRow {
  const who = load.name === null ? 'nobody' : load.name
  const why = (status: Status, what: string): WhyProps => ({
    view: 'byAssignee',
    group: [load.name, status],
    label: `has ${who} so many ${what}`,
  })
  return {
    key: load.name ?? '',
    name: <a href={hrefOf({ assignee: load.name ?? '' })}>{nameOf(load)}</a>,
    figures: [
      { value: load.openPoints, why: why('open', 'points open') },
      { value: load.open, why: why('open', 'issues open') },
      { value: load.closed, why: why('closed', 'issues closed') },
    ],
  }
}
