/**
 * A piece of the app inside the machine room, so that there is somebody who reads: the counts and the newest issues, each
 * with the way back to its events.
 */
import { useQuery } from '@headwater/react'
import type { ReactNode } from 'react'
import { formatCount, plural } from '../format.ts'
import type { Issue } from '../model.ts'
import { useViews } from '../moment.ts'
import { Fault } from '../page/fault.tsx'
import { Icon } from '../page/icon.tsx'
import { useCalm } from '../page/use-calm.ts'
import { hrefOf } from '../route.ts'
import { Why } from './why.tsx'

const NEWEST = 4

export function Preview(): ReactNode {
  const { issues } = useViews()
  const { data, error } = useCalm(useQuery(issues.range('byTime', { reverse: true, limit: NEWEST })))
  return (
    <section className="panel" aria-labelledby="preview-heading">
      <header>
        <h2 id="preview-heading">A page that reads</h2>
        <p>Two live queries, as the app asks them. Each answer can say which events made it.</p>
      </header>
      <div className="preview">
        <Counts />
        <ul aria-label="Newest issues">
          {data?.map((issue) => (
            <PreviewRow key={issue.id} issue={issue} />
          ))}
          {error && data === undefined && (
            <li>
              <Fault error={error} />
            </li>
          )}
          {data?.length === 0 && <li className="hint">No issue yet.</li>}
        </ul>
      </div>
    </section>
  )
}

function Counts(): ReactNode {
  const { data } = useCalm(useQuery(useViews().byStatus.range()))
  return (
    <dl className="counts">
      {(['open', 'closed'] as const).map((status) => (
        <div key={status} data-status={status}>
          <dt>{status}</dt>
          <dd>
            {/* No number is known of a view that stands still: a zero would be a lie. */}
            <b>{data ? formatCount(data.find(({ group }) => group === status)?.issues ?? 0) : '–'}</b>
            <Why view="byStatus" group={status} label={`are so many issues ${status}`} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function PreviewRow({ issue: { id, title, status, points } }: { readonly issue: Issue }): ReactNode {
  return (
    <li>
      <span className="chip" data-status={status}>
        <Icon name={status} /> {status}
      </span>
      <a href={hrefOf({ issue: id })}>{title}</a>
      <small>{plural(points, 'point')}</small>
      <Why view="issues" rowKey={id} label={`is issue ${id} so`} />
    </li>
  )
}
