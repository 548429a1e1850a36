/**
 * The event types of the stream, with schemas as an app would write them. An event of the stream is a draft as it stands.
 */
import { defineEvent } from '@headwater/log'
import * as v from 'valibot'

const id = v.string()
const at = v.number()
const by = v.string()
const said = v.object({ id, text: v.string(), by, at })
const key = (data: { readonly id: string }): string => data.id

export const IssueOpened = defineEvent('issue.opened', {
  schema: v.object({
    id,
    title: v.string(),
    body: v.string(),
    author: v.string(),
    assignee: v.string(),
    priority: v.number(),
    points: v.number(),
    labels: v.array(v.string()),
    at,
  }),
  key,
})
export const IssueEdited = defineEvent('issue.edited', {
  schema: v.object({ id, title: v.string(), body: v.string(), by, at }),
  key,
})
export const IssueAssigned = defineEvent('issue.assigned', {
  schema: v.object({ id, assignee: v.string(), note: v.string(), by, at }),
  key,
})
export const IssueCommented = defineEvent('issue.commented', { schema: said, key })
export const IssueClosed = defineEvent('issue.closed', { schema: said, key })
export const IssueReopened = defineEvent('issue.reopened', { schema: said, key })

export const events = [IssueOpened, IssueEdited, IssueAssigned, IssueCommented, IssueClosed, IssueReopened]
