/** The first entries of a view, live, each with the way back to the events that made it. */
import { useQuery } from '@headwater/react'
import type { KeyPart } from 'headwater'
import type { ReactNode } from 'react'
import { formatCount } from '../../format.ts'
import { Fault } from '../../page/fault.tsx'
import { useCalm } from '../../page/use-calm.ts'
import type { ViewName } from '../view-name.ts'
import { type AnyAggregate, type AnyGroup, type AnyTable, useAggregate, useTable } from '../why/readable.ts'
import { Why } from '../why.tsx'

const SHOWN = 12

export function ViewEntries({ name }: { readonly name: ViewName }): ReactNode {
  const table = useTable(name)
  const aggregate = useAggregate(name)
  if (table === undefined && aggregate === undefined) return null
  return (
    <section className="panel" aria-labelledby="entries-heading">
      <header>
        <h2 id="entries-heading">{table ? 'Rows' : 'Groups'}</h2>
        <p>The first {SHOWN}, as the view answers now. Each can say why it is so.</p>
      </header>
      {table && <Rows name={name} table={table} />}
      {aggregate && <Groups name={name} aggregate={aggregate} />}
    </section>
  )
}

function Rows({ name, table }: { readonly name: string; readonly table: AnyTable }): ReactNode {
  const { data, error } = useCalm(useQuery(table.page('key', { limit: SHOWN })))
  if (error && data === undefined) return <Fault error={error} />
  return (
    <ul className="entries">
      {data?.entries.map(({ key, row }) => (
        <li key={key}>
          <code className="entry-key">{key}</code>
          <span className="entry-row">{JSON.stringify(row)}</span>
          <Why view={name} rowKey={key} label={`is row ${key} so`} />
        </li>
      ))}
      {data?.entries.length === 0 && <li className="hint">No row yet.</li>}
    </ul>
  )
}

function Groups({ name, aggregate }: { readonly name: string; readonly aggregate: AnyAggregate }): ReactNode {
  const { data, error } = useCalm(useQuery(aggregate.range({ limit: SHOWN })))
  if (error && data === undefined) return <Fault error={error} />
  return (
    <ul className="entries">
      {data?.map(({ group, ...measures }) => (
        <li key={JSON.stringify(group)}>
          <code className="entry-key">{groupText(group)}</code>
          <span className="entry-row">{measuresText(measures)}</span>
          <Why view={name} group={group} label={`is ${groupText(group)} so`} />
        </li>
      ))}
      {data?.length === 0 && <li className="hint">No group yet.</li>}
    </ul>
  )
}

/** `open`, `June Park, open`; a time is told as its day. */
function groupText(group: AnyGroup['group']): string {
  const parts: readonly KeyPart[] = typeof group === 'object' && group !== null ? group : [group]
  return parts.map((part) => (part === null ? 'nobody' : partText(part))).join(', ')
}

const A_LONG_TIME_AGO = Date.UTC(2000, 0)

function partText(part: Exclude<KeyPart, null>): string {
  const isTime = typeof part === 'number' && part > A_LONG_TIME_AGO
  return isTime ? new Date(part).toISOString().slice(0, 10) : String(part)
}

function measuresText(measures: Readonly<Record<string, unknown>>): string {
  return Object.entries(measures)
    .map(
      ([name, value]) =>
        `${name} ${typeof value === 'number' ? formatCount(value) : value == null ? '–' : JSON.stringify(value)}`,
    )
    .join(' · ')
}
