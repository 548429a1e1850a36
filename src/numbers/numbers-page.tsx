/** The issues in numbers: every figure is an aggregate that is kept up to date, none is computed here from rows. */
import { useQuery } from '@headwater/react'
import type { ReactNode } from 'react'
import { formatCount, formatHours, plural } from '../format.ts'
import { useViews } from '../moment.ts'
import { PeopleBars } from './people-bars.tsx'
import { WeekSection } from './week-section.tsx'

export function NumbersPage(): ReactNode {
  return (
    <div className="numbers">
      <h1>Numbers</h1>
      <Tiles />
      <WeekSection />
      <PeopleBars />
    </div>
  )
}

function Tiles(): ReactNode {
  const { data } = useQuery(useViews().byStatus.range())
  const open = data?.find(({ group }) => group === 'open')
  const closed = data?.find(({ group }) => group === 'closed')
  const all = (open?.issues ?? 0) + (closed?.issues ?? 0)
  const share = all === 0 ? 0 : Math.round((100 * (closed?.issues ?? 0)) / all)
  const median = closed?.medianHours
  return (
    <dl className="tiles" data-loading={data === undefined}>
      <Tile name="Open" value={formatCount(open?.issues ?? 0)} note={plural(open?.points ?? 0, 'point')} />
      <Tile
        name="Closed"
        value={formatCount(closed?.issues ?? 0)}
        note={plural(closed?.points ?? 0, 'point')}
      />
      <Tile name="Done" value={`${share} %`} note={`of ${plural(all, 'issue')}`} />
      <Tile name="Until closed" value={median == null ? '–' : formatHours(median)} note="in the median" />
    </dl>
  )
}

interface TileProps {
  readonly name: string
  readonly value: string
  readonly note: string
}

function Tile({ name, value, note }: TileProps): ReactNode {
  return (
    <div className="tile">
      <dt>{name}</dt>
      <dd>
        <b>{value}</b> <span>{note}</span>
      </dd>
    </div>
  )
}
