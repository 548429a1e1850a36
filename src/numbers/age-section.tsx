/** How old the open issues are: standing bars that widen in age, and the same as a table. */
import { useQuery } from '@headwater/react'
import { type ReactNode, useMemo } from 'react'
import { plural } from '../format.ts'
import { useViews } from '../moment.ts'
import { useCalm } from '../page/use-calm.ts'
import { useNow } from '../page/use-now.ts'
import { type Age, agesOf } from './ages.ts'
import { FiguresCard } from './figures-card.tsx'
import { FiguresTable } from './figures-table.tsx'
import type { Bars } from './plot.ts'
import { niceTop } from './plot-scale.ts'
import { ReadChart } from './read-chart.tsx'

const HEIGHT = 320

export function AgeSection(): ReactNode {
  const { data, error } = useCalm(useQuery(useViews().openByWeek.range()))
  const now = useNow()
  const ages = useMemo(() => agesOf(data ?? [], 'issues', now), [data, now])
  const bars = useMemo(() => barsOf(ages), [ages])
  return (
    <FiguresCard
      id="ages-heading"
      title="Age of open issues"
      head={<p className="legend">in weeks, from</p>}
      error={data ? undefined : error}
    >
      <ReadChart
        name="Age of open issues"
        bars={bars}
        height={HEIGHT}
        say={(at) => sentenceOf(ages[at])}
        total={totalOf(ages)}
      />
      <FiguresTable
        heads={['Age', 'open issues']}
        rows={ages.map(({ name, words, open }) => ({ key: name, name: words, figures: [{ value: open }] }))}
      />
    </FiguresCard>
  )
}

function sentenceOf(age: Age | undefined): string {
  return age === undefined ? 'No issue is open' : `${age.words}: ${plural(age.open, 'open issue')}`
}

function totalOf(ages: readonly Age[]): string {
  return `${plural(
    ages.reduce((sum, { open }) => sum + open, 0),
    'issue',
  )} open in all`
}

function barsOf(ages: readonly Age[]): Bars {
  const values = ages.map(({ open }) => open)
  const top = niceTop(Math.max(0, ...values))
  return {
    direction: 'upright',
    series: [{ name: 'open issues', colour: 'accent', values }],
    ticks: ages.map(({ name }, at) => ({ at, label: name })),
    lines: [0, top / 2, top],
  }
}
