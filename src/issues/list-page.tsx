/** One page of the list: live while it is near the window, else a gap of the height that it had. */
import { useQuery } from '@headwater/react'
import type { Database, Page, Query } from 'headwater'
import { memo, type ReactNode, useEffect } from 'react'
import { useTracker } from '../database.ts'
import type { Issue, Tracker } from '../model.ts'
import { Fault } from '../page/fault.tsx'
import { useCalm } from '../page/use-calm.ts'
import type { Route } from '../route.ts'
import { IssueRow } from './issue-row.tsx'
import { useLast } from './use-last.ts'
import { useNear } from './use-near.ts'

const PAGE_ROWS = 25
/** As `.issue-row` has it in the style. */
const ROW_HEIGHT_PX = 68

interface ListPageProps {
  readonly number: number
  readonly start: string | undefined
  readonly route: Route
  /** Where the next page begins; nothing at the end. */
  readonly onNext: (number: number, next: string | undefined) => void
}

export function ListPage({ number, start, route, onNext }: ListPageProps): ReactNode {
  const db = useTracker()
  const [ref, isNear] = useNear()
  const isLive = isNear || number === 0
  const live = useQuery(isLive ? pageOf(db, route, start) : undefined, { keepPrevious: true })
  const { data, error } = useCalm(live)
  const last = useLast(data)
  const next = data?.cursor
  useEffect(() => {
    if (data !== undefined) onNext(number, next)
  }, [data, next, number, onNext])
  const rows = last?.entries.length ?? 0
  return (
    <div ref={ref} style={{ minHeight: rows * ROW_HEIGHT_PX }}>
      {error && <Fault error={error} />}
      {data && <Rows entries={data.entries} route={route} />}
      {number === 0 && rows === 0 && data && <p className="nothing">No issue here.</p>}
    </div>
  )
}

interface RowsProps {
  readonly entries: Page<Issue>['entries']
  readonly route: Route
}

const Rows = memo(function Rows({ entries, route }: RowsProps): ReactNode {
  return (
    <ul>
      {entries.map(({ key, row }) => (
        <IssueRow key={key} issue={row} route={route} />
      ))}
    </ul>
  )
})

/** The page of the index that fits the filter, newest first. */
function pageOf(
  { views: { issues } }: Database<Tracker>,
  { status, assignee }: Route,
  start: string | undefined,
): Query<Page<Issue>> {
  const options = {
    reverse: true,
    limit: PAGE_ROWS,
    ...(start === undefined ? {} : { cursor: start }),
  } as const
  if (assignee === undefined) {
    return status === 'all'
      ? issues.page('byTime', options)
      : issues.page('byStatus', { ...options, prefix: [status] })
  }
  const who = assignee === '' ? null : assignee
  return issues.page('byAssignee', { ...options, prefix: status === 'all' ? [who] : [who, status] })
}
