/** An issue as a card: a link that can be dragged, and moved by keyboard. */
import { memo, type PointerEvent, type ReactNode } from 'react'
import { formatAge, plural } from '../format.ts'
import { CommentCount, Labels } from '../issues/issue-marks.tsx'
import type { Issue } from '../model.ts'
import { Icon } from '../page/icon.tsx'
import { Person } from '../page/person.tsx'
import { useNow } from '../page/use-now.ts'
import { hrefOf, type Route } from '../route.ts'

/** The element that tells how cards are moved. */
export const HINT_ID = 'board-hint'

interface CardProps {
  readonly issue: Issue
  readonly route: Route
  readonly tabIndex: 0 | -1
  readonly isGrabbed: boolean
  readonly onGrab: (event: PointerEvent, issue: Issue) => void
}

export const Card = memo(function Card({ issue, route, tabIndex, isGrabbed, onGrab }: CardProps): ReactNode {
  return (
    <a
      className="issue-card"
      data-grabbed={isGrabbed}
      href={hrefOf({ ...route, issue: issue.id })}
      tabIndex={tabIndex}
      draggable={false}
      aria-describedby={HINT_ID}
      onPointerDown={(event) => onGrab(event, issue)}
    >
      <CardText issue={issue} />
    </a>
  )
})

export function CardText({ issue }: { readonly issue: Issue }): ReactNode {
  const { title, status, points, openedAt, comments, assignee, labels } = issue
  const now = useNow()
  return (
    <>
      <span className="title">{title}</span>
      <span className="meta" data-status={status}>
        <Icon name={status} />
        <span className="sr-only">{status}</span>
        <span>{plural(points, 'pt')}</span>
        <span>{formatAge(openedAt, now)}</span>
        <CommentCount comments={comments} />
        <Labels labels={labels} />
      </span>
      {assignee && <Person name={assignee} />}
    </>
  )
}
