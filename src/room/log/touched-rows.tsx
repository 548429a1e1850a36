/** The rows that an event has a part in, as they are now, and what else made them. */
import { useQuery } from '@headwater/react'
import type { TouchedRow } from 'headwater'
import type { ReactNode } from 'react'
import { hrefOf } from '../../route.ts'
import { type AnyTable, useTable } from '../why/readable.ts'
import { titleOf } from '../why/row-title.ts'
import { Why } from '../why.tsx'

export function TouchedRows({ touched }: { readonly touched: readonly TouchedRow[] }): ReactNode {
  return (
    <>
      <h3 id="touched-heading">The rows that it touched</h3>
      <ul className="entries" aria-labelledby="touched-heading">
        {touched.map(({ view, key }) => (
          <Touched key={`${view}/${key}`} view={view} rowKey={key} />
        ))}
        {touched.length === 0 && <li className="hint">None: no table of this build folds it.</li>}
      </ul>
    </>
  )
}

function Touched({ view, rowKey }: { readonly view: string; readonly rowKey: string }): ReactNode {
  const table = useTable(view)
  return (
    <li>
      <a className="entry-key" href={hrefOf({ page: 'room', within: ['view', view] })}>
        {view}
      </a>
      <span className="entry-row">
        <code>{rowKey}</code> {table && <RowNow table={table} rowKey={rowKey} />}
      </span>
      {table && <Why view={view} rowKey={rowKey} label={`is ${view} ${rowKey} so`} />}
    </li>
  )
}

function RowNow({ table, rowKey }: { readonly table: AnyTable; readonly rowKey: string }): ReactNode {
  const { data, status } = useQuery(table.get(rowKey))
  if (status === 'loading') return null
  return data === undefined ? <em>not there any more</em> : (titleOf(data) ?? JSON.stringify(data))
}
