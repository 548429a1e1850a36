/** Why an issue is as it is: the events that made it, from the table's history, also after its deletion. */
import { useQuery } from '@headwater/react'
import type { HistoryEntry } from 'headwater'
import { type ReactNode, useState } from 'react'
import { describeEvent } from '../event-text.ts'
import { formatCount, formatTime } from '../format.ts'
import { useViews } from '../moment.ts'
import { Fault } from '../page/fault.tsx'

export function History({ issue }: { readonly issue: string }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const { issues } = useViews()
  const { data, error } = useQuery(isOpen ? issues.history(issue) : undefined)
  return (
    <details className="history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Why is it so?</summary>
      <p className="hint">The row is nothing but these events, folded in the order of their time.</p>
      {error && <Fault error={error} />}
      <ol>
        {data?.map((event) => (
          <Step key={event.offset} event={event} />
        ))}
      </ol>
      {data?.length === 0 && <p className="nothing">No event in the log is about it.</p>}
    </details>
  )
}

function Step({ event }: { readonly event: HistoryEntry }): ReactNode {
  const { offset, type, version, time, replica } = event
  return (
    <li data-type={type}>
      <span className="what">{describeEvent(event)}</span>
      <span className="where">
        <code>{type}</code> v{version} · offset {formatCount(offset)} · stored {formatTime(time)} · replica{' '}
        <code title={replica}>{replica.slice(0, 6)}</code>
      </span>
    </li>
  )
}
