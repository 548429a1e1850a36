/** The rows behind a number, and behind each its events. */
import { useQuery } from '@headwater/react'
import type { KeyPart, Query, GroupRows as Rows } from 'headwater'
import { type ReactNode, useState } from 'react'
import { formatCount } from '../../format.ts'
import { tracker } from '../../model.ts'
import { Fault } from '../../page/fault.tsx'
import { isViewName } from '../view-name.ts'
import { useAggregate } from './readable.ts'
import { RowEvents } from './row-events.tsx'
import { titleOf } from './row-title.ts'

interface GroupRowsProps {
  readonly view: string
  readonly group: KeyPart | readonly KeyPart[]
}

const SHOWN = 30

export function GroupRows({ view, group }: GroupRowsProps): ReactNode {
  const { data, error } = useQuery(useGroupRows(view, group))
  const table = tableOf(view)
  if (error) return <Fault error={error} />
  if (data === undefined || table === undefined) return <p className="hint">Counting the rows…</p>
  return (
    <div className="why-rows">
      <p className="hint">
        {data.total === 1 ? 'One row' : `${formatCount(data.total)} rows`} of <code>{table}</code>
        {data.total > data.entries.length && `, of which the first ${data.entries.length} are shown`}. Open
        one to see the events that made it.
      </p>
      <ul>
        {data.entries.map(({ key, row }) => (
          <Row key={key} table={table} rowKey={key} title={titleOf(row) ?? key} />
        ))}
      </ul>
    </div>
  )
}

function useGroupRows(view: string, group: GroupRowsProps['group']): Query<Rows<unknown>> | undefined {
  return useAggregate(view)?.rows(group, { limit: SHOWN })
}

interface RowProps {
  readonly table: string
  readonly rowKey: string
  readonly title: string
}

function Row({ table, rowKey, title }: RowProps): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          {title} <code>{rowKey}</code>
        </summary>
        {isOpen && <RowEvents view={table} rowKey={rowKey} />}
      </details>
    </li>
  )
}

function tableOf(name: string): string | undefined {
  const view = isViewName(name) ? tracker.views[name] : undefined
  return view?.kind === 'aggregate' ? view.table.name : undefined
}
