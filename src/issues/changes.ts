/**
 * What a person does to issues, as changes that can be taken back: each says what it is, and makes the event that does it
 * and the one that undoes it. Nothing is ever erased; an undo is one event more, about the members that the change was
 * about, so that what others did meanwhile stays.
 */
import type { Draft } from 'headwater'
import type { Issue, Status } from '../model.ts'
import {
  assigned,
  closed,
  commented,
  commentRemoved,
  deleted,
  drawId,
  type Edit,
  edited,
  type IssueFields,
  opened,
  reopened,
  restored,
} from './drafts.ts'

export interface Change {
  /** `Closed “Crash on start”`. */
  readonly what: string
  /** The issue that it is about. */
  readonly issue: string
  /** The event that does it, made anew each time since it carries the time. */
  readonly make: () => Draft
  readonly unmake: () => Draft
  /** Undoing it brings the issue back, and shows it. */
  readonly revives?: true
}

const quoted = ({ title }: Pick<Issue, 'title'>): string => `“${title}”`

export function opening(id: string, fields: IssueFields): Change {
  return {
    what: `Opened ${quoted(fields)}`,
    issue: id,
    make: () => opened(id, fields),
    unmake: () => deleted(id),
  }
}

/** `edit` holds only members that differ from the issue's. */
export function editing(issue: Issue, edit: Edit): Change {
  const { title, points, labels } = issue
  const before: Edit = {
    ...(edit.title === undefined ? {} : { title }),
    ...(edit.points === undefined ? {} : { points }),
    ...(edit.labels === undefined ? {} : { labels }),
  }
  return {
    what: `Changed ${quoted(issue)}`,
    issue: issue.id,
    make: () => edited(issue.id, edit),
    unmake: () => edited(issue.id, before),
  }
}

export function settingStatus(issue: Issue, status: Status): Change {
  const { id, closedAt } = issue
  const isClosing = status === 'closed'
  const reopen = (): Draft => reopened(id)
  return {
    what: `${isClosing ? 'Closed' : 'Reopened'} ${quoted(issue)}`,
    issue: id,
    make: isClosing ? () => closed(id) : reopen,
    unmake: isClosing ? reopen : () => closed(id, closedAt ?? undefined),
  }
}

export function assigning(issue: Issue, assignee: string | null): Change {
  return {
    what: `Assigned ${quoted(issue)} to ${assignee ?? 'nobody'}`,
    issue: issue.id,
    make: () => assigned(issue.id, assignee),
    unmake: () => assigned(issue.id, issue.assignee),
  }
}

export function deleting(issue: Issue): Change {
  return {
    what: `Deleted ${quoted(issue)}`,
    issue: issue.id,
    make: () => deleted(issue.id),
    unmake: () => restored(issue),
    revives: true,
  }
}

export function commenting(issue: Issue, text: string): Change {
  const id = drawId()
  return {
    what: `Commented on ${quoted(issue)}`,
    issue: issue.id,
    make: () => commented(id, issue.id, text),
    unmake: () => commentRemoved(id, issue.id),
  }
}
