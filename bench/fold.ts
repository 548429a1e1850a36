/**
 * The steps from an issue before an event to the issue after it. Both sides fold with these very functions, so that
 * a figure compares what is around a fold and not two folds.
 */
import type { Assigned, Edited, Opened, Said, TrackerEvent } from './stream.ts'

/** A row: an issue as it stands. */
export interface Issue {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly author: string
  readonly assignee: string
  readonly status: 'open' | 'closed'
  readonly priority: number
  readonly points: number
  readonly labels: readonly string[]
  readonly comments: number
  readonly openedAt: number
  readonly updatedAt: number
}

export function foldOpened(data: Opened): Issue {
  const { at, ...said } = data
  return { ...said, status: 'open', comments: 0, openedAt: at, updatedAt: at }
}

export function foldEdited(row: Issue, { title, body, at }: Edited): Issue {
  return { ...row, title, body, updatedAt: at }
}

export function foldAssigned(row: Issue, { assignee, at }: Assigned): Issue {
  return { ...row, assignee, updatedAt: at }
}

export function foldCommented(row: Issue, { at }: Said): Issue {
  return { ...row, comments: row.comments + 1, updatedAt: at }
}

export function foldStatus(row: Issue, status: Issue['status'], { at }: Said): Issue {
  return { ...row, status, updatedAt: at }
}

/** All of them behind one switch, as a hand-written fold has it. */
export function foldEvent(row: Issue | undefined, event: TrackerEvent): Issue | undefined {
  if (event.type === 'issue.opened') return foldOpened(event.data)
  if (row === undefined) return undefined
  switch (event.type) {
    case 'issue.edited':
      return foldEdited(row, event.data)
    case 'issue.assigned':
      return foldAssigned(row, event.data)
    case 'issue.commented':
      return foldCommented(row, event.data)
    case 'issue.closed':
      return foldStatus(row, 'closed', event.data)
    case 'issue.reopened':
      return foldStatus(row, 'open', event.data)
  }
}
