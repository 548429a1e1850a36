/** Issues by assignee: open and closed, side by side in one bar each. */
import { useQuery } from '@headwater/react'
import type { ReactNode } from 'react'
import { formatCount, plural } from '../format.ts'
import { useViews } from '../moment.ts'
import { Person } from '../page/person.tsx'
import { useCalm } from '../page/use-calm.ts'
import { hrefOf } from '../route.ts'

interface Load {
  readonly name: string | null
  readonly open: number
  readonly closed: number
  readonly points: number
}

/** The busiest are shown; the others are in the list of issues. */
const SHOWN = 14

export function PeopleBars(): ReactNode {
  const { data } = useCalm(useQuery(useViews().byAssignee.range()))
  const loads = loadsOf(data ?? [])
  const most = Math.max(1, ...loads.map(({ open, closed }) => open + closed))
  return (
    <section className="card" aria-labelledby="people-heading">
      <header>
        <h2 id="people-heading">By assignee</h2>
        <p className="legend">
          <span data-series="open">open</span> <span data-series="closed">closed</span>
        </p>
      </header>
      <ul className="bars">
        {loads.slice(0, SHOWN).map((load) => (
          <Bar key={load.name ?? ''} load={load} most={most} />
        ))}
      </ul>
    </section>
  )
}

function Bar({
  load: { name, open, closed, points },
  most,
}: {
  readonly load: Load
  readonly most: number
}): ReactNode {
  return (
    <li>
      <a href={hrefOf({ assignee: name ?? '' })}>
        {name === null ? <span className="person">Nobody</span> : <Person name={name} withName />}
      </a>
      <span className="bar" aria-hidden="true">
        <span data-series="open" style={{ width: `${(100 * open) / most}%` }} />
        <span data-series="closed" style={{ width: `${(100 * closed) / most}%` }} />
      </span>
      <span className="figure">
        {formatCount(open)} <span className="sr-only">open, </span>
        <small>
          / {formatCount(closed)}
          <span className="sr-only"> closed</span> · {plural(points, 'pt')}
        </small>
      </span>
    </li>
  )
}

interface Group {
  readonly group: readonly [name: string | null, status: string]
  readonly issues: number
  readonly points: number
}

function loadsOf(groups: readonly Group[]): readonly Load[] {
  const byName = new Map<string | null, Load>()
  for (const { group, issues, points } of groups) {
    const [name, status] = group
    const load = byName.get(name) ?? { name, open: 0, closed: 0, points: 0 }
    const part = status === 'open' ? { open: load.open + issues } : { closed: load.closed + issues }
    byName.set(name, { ...load, ...part, points: load.points + points })
  }
  return [...byName.values()].sort((a, b) => b.open + b.closed - a.open - a.closed)
}
