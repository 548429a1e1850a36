/** What a person at this page does, as drafts of events. */
import type { Draft } from 'headwater'
import {
  CommentAdded,
  type Issue,
  IssueAssigned,
  IssueClosed,
  IssueDeleted,
  IssueEdited,
  IssueOpened,
  IssueReopened,
  IssueRestored,
} from '../model.ts'
import { ME } from '../people.ts'

/** What a form holds. */
export interface IssueFields {
  readonly title: string
  readonly body: string
  readonly points: number
  readonly labels: readonly string[]
}

/** Short enough to read aloud, with 48 random bits. */
export function drawId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6))
  return [...bytes].map((byte) => byte.toString(36).padStart(2, '0')).join('')
}

const mine = (id: string): { readonly id: string; readonly by: string; readonly at: number } => ({
  id,
  by: ME,
  at: Date.now(),
})

export const opened = (id: string, fields: IssueFields): Draft =>
  IssueOpened({ ...mine(id), ...fields, labels: [...fields.labels] })

/** Only what has changed; nothing when nothing has. */
export function edited(issue: Issue, fields: IssueFields): Draft | undefined {
  const { title, body, points, labels } = fields
  const changes = {
    ...(title === issue.title ? {} : { title }),
    ...(body === issue.body ? {} : { body }),
    ...(points === issue.points ? {} : { points }),
    ...(labels.join() === issue.labels.join() ? {} : { labels: [...labels] }),
  }
  return Object.keys(changes).length === 0 ? undefined : IssueEdited({ ...mine(issue.id), ...changes })
}

export const assigned = (id: string, assignee: string | null): Draft =>
  IssueAssigned({ ...mine(id), assignee })
export const closed = (id: string): Draft => IssueClosed(mine(id))
export const reopened = (id: string): Draft => IssueReopened(mine(id))
export const deleted = (id: string): Draft => IssueDeleted(mine(id))
export const restored = (issue: Issue): Draft => IssueRestored({ ...mine(issue.id), issue })
export const commented = (issue: string, text: string): Draft =>
  CommentAdded({ ...mine(drawId()), issue, text })
