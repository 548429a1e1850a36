/** The four figures at the top. Each can say which rows, and behind them which events, made it. */
import { useQuery } from '@headwater/react'
import type { ReactNode } from 'react'
import { formatCount, formatHours, plural } from '../format.ts'
import type { Status } from '../model.ts'
import { useViews } from '../moment.ts'
import { Fault } from '../page/fault.tsx'
import { Why } from '../room/why.tsx'

export function Tiles(): ReactNode {
  const { data, error } = useQuery(useViews().byStatus.range())
  const open = data?.find(({ group }) => group === 'open')
  const closed = data?.find(({ group }) => group === 'closed')
  const all = (open?.issues ?? 0) + (closed?.issues ?? 0)
  const share = all === 0 ? 0 : Math.round((100 * (closed?.issues ?? 0)) / all)
  const median = closed?.medianHours
  if (error && data === undefined) return <Fault error={error} />
  return (
    <dl className="tiles" data-loading={data === undefined}>
      <Tile
        name="Open"
        group="open"
        asks="are so many issues open"
        value={formatCount(open?.issues ?? 0)}
        note={plural(open?.points ?? 0, 'point')}
      />
      <Tile
        name="Closed"
        group="closed"
        asks="are so many issues closed"
        value={formatCount(closed?.issues ?? 0)}
        note={plural(closed?.points ?? 0, 'point')}
      />
      <Tile
        name="Done"
        group="closed"
        asks="is so much done"
        value={`${share} %`}
        note={`of ${plural(all, 'issue')}`}
      />
      <Tile
        name="Until closed"
        group="closed"
        asks="does closing take so long"
        value={median == null ? '–' : formatHours(median)}
        note="in the median"
      />
    </dl>
  )
}

interface TileProps {
  readonly name: string
  /** The group of `byStatus` that the figure is of. */
  readonly group: Status
  /** What "why?" asks of it. */
  readonly asks: string
  readonly value: string
  readonly note: string
}

function Tile({ name, group, asks, value, note }: TileProps): ReactNode {
  return (
    <div className="tile">
      <dt>{name}</dt>
      <dd>
        <b>{value}</b> <span>{note}</span>
        <Why view="byStatus" group={group} label={asks} />
      </dd>
    </div>
  )
}
