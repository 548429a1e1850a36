/** One issue in a list: a link, with what is needed to choose it. The list puts it into an item. */
import { memo, type ReactNode } from 'react'
import { formatAge, plural } from '../format.ts'
import type { Issue } from '../model.ts'
import { Icon } from '../page/icon.tsx'
import { Person } from '../page/person.tsx'
import { useNow } from '../page/use-now.ts'
import { hrefOf, type Route } from '../route.ts'
import { CommentCount, Labels } from './issue-marks.tsx'

interface IssueRowProps {
  readonly issue: Issue
  readonly route: Route
  readonly tabIndex?: 0 | -1
  /** In place of the title: the same with what matched. */
  readonly title?: ReactNode
  /** A passage of the text, under the title. */
  readonly passage?: ReactNode
}

export const IssueRow = memo(function IssueRow({
  issue,
  route,
  tabIndex = 0,
  title,
  passage,
}: IssueRowProps): ReactNode {
  const { id, status, points, openedAt, comments, assignee } = issue
  const now = useNow()
  return (
    <a
      className="issue-row"
      data-status={status}
      href={hrefOf({ ...route, issue: id })}
      tabIndex={tabIndex}
      aria-current={route.issue === id ? 'true' : undefined}
    >
      <Icon name={status} />
      <span className="title">{title ?? issue.title}</span>
      {assignee && <Person name={assignee} />}
      {passage && <span className="passage">{passage}</span>}
      <span className="meta">
        <span className="sr-only">{status}</span>
        <span className="points">{plural(points, 'point')}</span>
        <span>{formatAge(openedAt, now)}</span>
        <CommentCount comments={comments} />
        <Labels labels={issue.labels} />
      </span>
    </a>
  )
})
