/** One event: its header, its data, and the rows that it has a part in. */
import type { HistoryEntry } from 'headwater'
import type { ReactNode } from 'react'
import { describeEvent } from '../../event-text.ts'
import { formatAge, formatCount, formatTime } from '../../format.ts'
import { Fault } from '../../page/fault.tsx'
import { Icon } from '../../page/icon.tsx'
import { useNow } from '../../page/use-now.ts'
import { hrefOf } from '../../route.ts'
import { TouchedRows } from './touched-rows.tsx'
import { useEvent } from './use-event.ts'

export function EventPage({ offset }: { readonly offset: number }): ReactNode {
  const { event, touched, error } = useEvent(offset)
  return (
    <section className="panel event-page" aria-labelledby="event-heading">
      <header>
        <a className="room-back" href={hrefOf({ page: 'room', within: ['log'] })}>
          <Icon name="back" /> Log
        </a>
        <h2 id="event-heading">Event {formatCount(offset)}</h2>
        <Neighbours offset={offset} />
      </header>
      {error && <Fault error={error} />}
      {event === 'none' && <p className="hint">No event stands at this offset.</p>}
      {event !== 'none' && event !== undefined && (
        <>
          <p className="event-says">
            <code className="type" data-type={event.type}>
              {event.type}
            </code>{' '}
            {describeEvent(event)}
          </p>
          <Header event={event} />
          <h3>Its data, as they were written</h3>
          <pre>
            {event.data === null ? 'bytes: an update of a document' : JSON.stringify(event.data, null, 2)}
          </pre>
          <TouchedRows touched={touched} />
        </>
      )}
    </section>
  )
}

function Neighbours({ offset }: { readonly offset: number }): ReactNode {
  const to = (other: number): string => hrefOf({ page: 'room', within: ['event', String(other)] })
  return (
    <p className="neighbours">
      {offset > 1 && (
        <a className="small" href={to(offset - 1)}>
          Before
        </a>
      )}
      <a className="small" href={to(offset + 1)}>
        After
      </a>
    </p>
  )
}

function Header({ event }: { readonly event: HistoryEntry }): ReactNode {
  const now = useNow()
  const { offset, version, replica, sequence, time, keys } = event
  return (
    <dl className="event-facts">
      <dt>Offset</dt>
      <dd>{formatCount(offset)}, its place in this log: other replicas have it elsewhere</dd>
      <dt>Identity</dt>
      <dd>
        <span>
          <a href={hrefOf({ page: 'room', within: ['log', 'replica', replica] })}>
            <code>{replica}</code>
          </a>
          , sequence {formatCount(sequence)}: the same everywhere
        </span>
      </dd>
      <dt>Stored</dt>
      <dd>
        {formatTime(time)}, {formatAge(time, now)}
      </dd>
      <dt>Version</dt>
      <dd>{version} of its type</dd>
      <dt>About</dt>
      <dd>
        {keys.map((key) => (
          <a key={key} href={hrefOf({ page: 'room', within: ['log', 'key', key] })}>
            <code>{key}</code>
          </a>
        ))}
      </dd>
    </dl>
  )
}
