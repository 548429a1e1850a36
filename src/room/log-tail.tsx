/** The log as it grows: how large it is, and its newest events. */
import { useStatus } from '@headwater/react'
import type { HistoryEntry } from 'headwater'
import { memo, type ReactNode } from 'react'
import { describeEvent } from '../event-text.ts'
import { formatAge, formatBytes, formatCount, formatTime } from '../format.ts'
import { useCalm } from '../page/use-calm.ts'
import { useNow } from '../page/use-now.ts'
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

function LogFacts(): ReactNode {
  const { head, records, bytes } = useStatus((status) => status.log)
  const leads = useStatus((status) => status.leads)
  return (
    <dl className="facts panel-facts">
      <Fact name="head" value={formatCount(head)} />
      <Fact name="records" value={formatCount(records)} />
      <Fact name="size" value={formatBytes(bytes)} />
      <Fact name="this tab" value={leads ? 'leads' : 'follows'} />
    </dl>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function LogRow({ event }: { readonly event: HistoryEntry }): ReactNode {
  const now = useNow()
  return (
    <li className="log-row" data-type={event.type}>
      <span className="offset">{formatCount(event.offset)}</span>
      <span className="type">{event.type}</span>
      <time dateTime={new Date(event.time).toISOString()} title={formatTime(event.time)}>
        {formatAge(event.time, now)}
      </time>
      <span className="what">{describeEvent(event)}</span>
    </li>
  )
}
