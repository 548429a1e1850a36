/** What a person at this page does, as drafts of events. */
import type { Draft } from 'headwater'
import {
  CommentAdded,
  CommentRemoved,
  type Issue,
  IssueAssigned,
  IssueClosed,
  IssueDeleted,
  IssueDescribed,
  IssueEdited,
  IssueOpened,
  IssueReopened,
  IssueRestored,
} from '../model.ts'
import { ME } from '../people.ts'

/** What a form holds; the description only where an issue is opened, later it is a document. */
export interface IssueFields {
  readonly title: string
  readonly body: string
  readonly points: number
  readonly labels: readonly string[]
}

/** Members that an edit changes. */
export type Edit = Partial<Omit<IssueFields, 'body'>>

/** Short enough to read aloud, with 48 random bits. */
export function drawId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6))
  return [...bytes].map((byte) => byte.toString(36).padStart(2, '0')).join('')
}

const mine = (
  id: string,
  at = Date.now(),
): { readonly id: string; readonly by: string; readonly at: number } => ({ id, by: ME, at })

export const opened = (id: string, fields: IssueFields): Draft =>
  IssueOpened({ ...mine(id), ...fields, labels: [...fields.labels] })

/** Only what has changed. */
export function editOf(issue: Issue, { title, points, labels }: IssueFields): Edit {
  return {
    ...(title === issue.title ? {} : { title }),
    ...(points === issue.points ? {} : { points }),
    ...(labels.join() === issue.labels.join() ? {} : { labels }),
  }
}

export function edited(id: string, { labels, ...edit }: Edit): Draft {
  return IssueEdited({ ...mine(id), ...edit, ...(labels ? { labels: [...labels] } : {}) })
}

export const described = (id: string): Draft => IssueDescribed(mine(id))
export const assigned = (id: string, assignee: string | null): Draft =>
  IssueAssigned({ ...mine(id), assignee })
/** `at` is given where a closing is brought back that happened then. */
export const closed = (id: string, at?: number): Draft => IssueClosed(mine(id, at))
export const reopened = (id: string): Draft => IssueReopened(mine(id))
export const deleted = (id: string): Draft => IssueDeleted(mine(id))
export const restored = (issue: Issue): Draft => IssueRestored({ ...mine(issue.id), issue })
export const commented = (id: string, issue: string, text: string): Draft =>
  CommentAdded({ ...mine(id), issue, text })
export const commentRemoved = (id: string, issue: string): Draft => CommentRemoved({ ...mine(id), issue })
