/** One issue: what it says, what can be done with it, what was said, and the events that made it. */
import { useQuery } from '@headwater/react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { formatAge, formatTime, plural } from '../format.ts'
import type { Issue } from '../model.ts'
import { useIsPast, useViews } from '../moment.ts'
import { Fault } from '../page/fault.tsx'
import { Icon } from '../page/icon.tsx'
import { Person } from '../page/person.tsx'
import { useNow } from '../page/use-now.ts'
import { hrefOf, useRoute } from '../route.ts'
import { Comments } from './comments.tsx'
import { Description } from './description.tsx'
import { EditIssue } from './edit-issue.tsx'
import { History } from './history.tsx'
import { IssueActions } from './issue-actions.tsx'

export function IssueDetail({ id }: { readonly id: string }): ReactNode {
  const { data: issue, status, error } = useQuery(useViews().issues.get(id))
  const [isEditing, setEditing] = useState(false)
  const isPast = useIsPast()
  if (status === 'loading') return <output className="bone-page" aria-label="Loading the issue" />
  if (error !== undefined && issue === undefined) return <Fault error={error} />
  if (issue === undefined) return <Missing id={id} />
  return (
    <article className="detail" key={id}>
      <BackLink />
      {isEditing && !isPast ? (
        <EditIssue issue={issue} onDone={() => setEditing(false)} />
      ) : (
        <Shown issue={issue} onEdit={() => setEditing(true)} />
      )}
      <Description issue={issue} />
      <Comments issue={issue} />
      <History issue={id} />
    </article>
  )
}

function Shown({ issue, onEdit }: { readonly issue: Issue; readonly onEdit: () => void }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  const isPast = useIsPast()
  useEffect(() => {
    // On small screens the list is gone, and the focus with it.
    if (document.activeElement === document.body) heading.current?.focus()
  }, [])
  return (
    <header className="detail-head">
      <h2 ref={heading} tabIndex={-1}>
        {issue.title}
      </h2>
      <Facts issue={issue} />
      {!isPast && <IssueActions issue={issue} onEdit={onEdit} />}
    </header>
  )
}

function Facts({ issue }: { readonly issue: Issue }): ReactNode {
  const now = useNow()
  const { id, status, author, openedAt, points, labels } = issue
  return (
    <p className="issue-facts">
      <span className="chip" data-status={status}>
        <Icon name={status} /> {status}
      </span>
      <code>#{id}</code>
      <Person name={author} withName />
      <time dateTime={new Date(openedAt).toISOString()} title={formatTime(openedAt)}>
        {formatAge(openedAt, now)}
      </time>
      <span className="points">{plural(points, 'point')}</span>
      {labels.map((label) => (
        <span key={label} className="label">
          {label}
        </span>
      ))}
    </p>
  )
}

function BackLink(): ReactNode {
  const route = useRoute()
  return (
    <a className="back" href={hrefOf({ ...route, issue: undefined })}>
      <Icon name="back" /> Issues
    </a>
  )
}

function Missing({ id }: { readonly id: string }): ReactNode {
  return (
    <article className="detail">
      <BackLink />
      <header className="detail-head">
        <h2>There is no issue #{id}</h2>
      </header>
      <p className="body">
        It was deleted, or has never been here. Its events are still in the log, if it had any.
      </p>
      <History issue={id} />
    </article>
  )
}
