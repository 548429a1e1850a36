/** The log as it grows: how large it is, and its newest events. */
import type { HistoryEntry } from 'headwater'
import { memo, type ReactNode } from 'react'
import { describeEvent } from '../event-text.ts'
import { formatAge, formatCount, formatTime } from '../format.ts'
import { useCalm } from '../page/use-calm.ts'
import { useNow } from '../page/use-now.ts'
import { hrefOf } from '../route.ts'
import { LogFacts } from './log-facts.tsx'
import { useLogTail } from './use-log-tail.ts'

export function LogTail({ limit }: { readonly limit: number }): ReactNode {
  const tail = useCalm(useLogTail(limit))
  return (
    <section className="panel log-tail" aria-labelledby="log-heading">
      <header>
        <h2 id="log-heading">Log</h2>
        <LogFacts />
      </header>
      {tail.length === 0 ? (
        <p className="nothing">No event yet. Whatever happens is added here, and never changed.</p>
      ) : (
        <Tail tail={tail} />
      )}
    </section>
  )
}

const Tail = memo(function Tail({ tail }: { readonly tail: readonly HistoryEntry[] }): ReactNode {
  return (
    <ol aria-label="Newest events">
      {tail.map((event) => (
        <LogRow key={event.offset} event={event} />
      ))}
    </ol>
  )
})

function LogRow({ event }: { readonly event: HistoryEntry }): ReactNode {
  const now = useNow()
  return (
    <li className="log-row">
      <span className="offset">{formatCount(event.offset)}</span>
      <span className="type" data-type={event.type}>
        {event.type}
      </span>
      <time dateTime={new Date(event.time).toISOString()} title={formatTime(event.time)}>
        {formatAge(event.time, now)}
      </time>
      <a className="what" href={hrefOf({ page: 'room', within: ['event', String(event.offset)] })}>
        {describeEvent(event)}
      </a>
    </li>
  )
}
