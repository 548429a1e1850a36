/** The events that made a row, oldest first, each a link to itself. */
import '../../style/why.css'
import { useQuery } from '@headwater/react'
import type { ReactNode } from 'react'
import { describeEvent } from '../../event-text.ts'
import { formatCount, formatTime, plural } from '../../format.ts'
import { Fault } from '../../page/fault.tsx'
import { hrefOf } from '../../route.ts'
import { useTable } from './readable.ts'

interface RowEventsProps {
  readonly view: string
  readonly rowKey: string
}

export function RowEvents({ view, rowKey }: RowEventsProps): ReactNode {
  const { data, error } = useQuery(useTable(view)?.history(rowKey))
  if (error) return <Fault error={error} />
  if (data === undefined) return <p className="hint">Loading…</p>
  if (data.length === 0) return <p className="hint">No event in the log is about it.</p>
  return (
    <div className="why-events">
      <p className="hint">
        The row <code>{rowKey}</code> of <code>{view}</code> is nothing but {plural(data.length, 'event')},
        folded in the order of their time.
      </p>
      <ol>
        {data.map((event) => (
          <li key={event.offset}>
            <a href={hrefOf({ page: 'room', within: ['event', String(event.offset)] })}>
              <span className="offset">{formatCount(event.offset)}</span>
              <span className="type" data-type={event.type}>
                {event.type}
              </span>
              <span className="what">{describeEvent(event)}</span>
              <time dateTime={new Date(event.time).toISOString()}>{formatTime(event.time)}</time>
            </a>
          </li>
        ))}
      </ol>
    </div>
  )
}
