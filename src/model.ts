/**
 * The model of the demo, an issue tracker: what may happen (events), and what is derived from it (views). Imported by
 * the page and by the worker; knows neither React nor the DOM. Each event carries `at`, the time that the person meant,
 * so that generated and imported stories spread over a year however late they are stored.
 */
import { aggregate, count, defineDatabase, defineEvent, quantile, sum, table, week } from 'headwater'
import { document, documents } from 'headwater/documents'
import { search } from 'headwater/search'
import * as v from 'valibot'

const YEAR_2100 = Date.UTC(2100, 0)
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const person = v.pipe(v.string(), v.minLength(1), v.maxLength(80))
const at = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(YEAR_2100))
const title = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
const body = v.pipe(v.string(), v.maxLength(20_000))
const points = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100))
const labels = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(40))), v.maxLength(10))
const done = { id, by: person, at }
const issueKey = (data: { readonly id: string }): string => data.id

const issue = v.object({
  id,
  title,
  body,
  points,
  labels,
  status: v.picklist(['open', 'closed']),
  author: person,
  assignee: v.nullable(person),
  openedAt: at,
  closedAt: v.nullable(at),
  updatedAt: at,
  comments: v.pipe(v.number(), v.integer(), v.minValue(0)),
})

/** A row of the table of issues. */
export type Issue = Readonly<v.InferOutput<typeof issue>>
export type Status = Issue['status']

/** `body` is the text that an issue is opened with; from its first change on, the description is a document. */
export const IssueOpened = defineEvent('issue.opened', {
  schema: v.object({ ...done, title, body, points, labels }),
  key: issueKey,
})
export const IssueEdited = defineEvent('issue.edited', {
  schema: v.object({
    ...done,
    title: v.exactOptional(title),
    body: v.exactOptional(body),
    points: v.exactOptional(points),
    labels: v.exactOptional(labels),
  }),
  key: issueKey,
})
/** Somebody begins to write: the document in `descriptions`, which begins with the body, takes its place. */
export const IssueDescribed = defineEvent('issue.described', { schema: v.object(done), key: issueKey })
export const IssueAssigned = defineEvent('issue.assigned', {
  schema: v.object({ ...done, assignee: v.nullable(person) }),
  key: issueKey,
})
export const IssueClosed = defineEvent('issue.closed', { schema: v.object(done), key: issueKey })
export const IssueReopened = defineEvent('issue.reopened', { schema: v.object(done), key: issueKey })
export const IssueDeleted = defineEvent('issue.deleted', { schema: v.object(done), key: issueKey })
/** Takes a deletion back: the log only grows, so what undoes an event is another event. */
export const IssueRestored = defineEvent('issue.restored', {
  schema: v.object({ ...done, issue }),
  key: issueKey,
})
export const CommentAdded = defineEvent('comment.added', {
  schema: v.object({ ...done, issue: id, text: v.pipe(v.string(), v.minLength(1), v.maxLength(20_000)) }),
  key: issueKey,
})
export const CommentRemoved = defineEvent('comment.removed', {
  schema: v.object({ ...done, issue: id }),
  key: issueKey,
})

const issues = table<Issue>('issues')
  .on(IssueOpened, (_row, { data: { by, at, ...rest } }) => ({
    ...rest,
    status: 'open',
    author: by,
    assignee: null,
    openedAt: at,
    closedAt: null,
    updatedAt: at,
    comments: 0,
  }))
  .on(
    IssueEdited,
    (row, { data: { by: _by, at, ...changes } }) => row && { ...row, ...changes, updatedAt: at },
  )
  .on(IssueDescribed, (row, { data }) => row && { ...row, body: '', updatedAt: data.at })
  .on(IssueAssigned, (row, { data }) => row && { ...row, assignee: data.assignee, updatedAt: data.at })
  .on(
    IssueClosed,
    (row, { data }) => row && { ...row, status: 'closed', closedAt: data.at, updatedAt: data.at },
  )
  .on(IssueReopened, (row, { data }) => row && { ...row, status: 'open', closedAt: null, updatedAt: data.at })
  .on(IssueDeleted, () => null)
  .on(IssueRestored, (_row, { data }) => data.issue)
  .on(CommentAdded, (row, { data }) => row && { ...row, comments: row.comments + 1, updatedAt: data.at }, {
    key: (data) => data.issue,
  })
  .on(CommentRemoved, (row) => row && { ...row, comments: Math.max(0, row.comments - 1) }, {
    key: (data) => data.issue,
  })
  .index('byTime', (row) => [row.openedAt])
  .index('byStatus', (row) => [row.status, row.openedAt])
  .index('byAssignee', (row) => [row.assignee, row.status, row.openedAt])
  .indexEach('byLabel', (row) => row.labels.map((label) => [label, row.status, row.openedAt] as const))
  .indexEach('byLabelAndAssignee', (row) =>
    row.labels.map((label) => [label, row.assignee, row.status, row.openedAt] as const),
  )

/** A row of the table of comments. */
export interface Comment {
  readonly id: string
  readonly issue: string
  readonly by: string
  readonly at: number
  readonly text: string
}

const comments = table<Comment>('comments')
  .on(CommentAdded, (_row, { data }) => data)
  .on(CommentRemoved, () => null)
  .index('byIssue', (row) => [row.issue, row.at])

/** The descriptions that people write together, by the key of their issue. */
const descriptions = documents('descriptions')

const issueSearch = search('issueSearch', issues, {
  fields: { title: 3, body: 1, labels: 1, description: document(descriptions) },
})

const HOUR_MS = 3_600_000
const measures = { issues: count(), points: sum((row: Issue) => row.points) }

const byStatus = aggregate('byStatus', issues, {
  groupBy: (row) => row.status,
  measures: {
    ...measures,
    medianHours: quantile((row: Issue) => row.closedAt && (row.closedAt - row.openedAt) / HOUR_MS, 0.5),
  },
})
const byAssignee = aggregate('byAssignee', issues, {
  groupBy: (row) => [row.assignee, row.status],
  measures,
})
/** By all labels of an issue together: what stands under one label is the sum of its groups. */
const byLabels = aggregate('byLabels', issues, {
  groupBy: (row) => (row.labels.length > 0 ? row.labels : undefined),
  measures,
})
const openedByWeek = aggregate('openedByWeek', issues, { groupBy: (row) => week(row.openedAt), measures })
const closedByWeek = aggregate('closedByWeek', issues, {
  groupBy: (row) => (row.closedAt === null ? undefined : week(row.closedAt)),
  measures,
})
/** Open issues by the week that they were opened in: how old they are, without a look at the rows. */
const openByWeek = aggregate('openByWeek', issues, {
  groupBy: (row) => (row.status === 'open' ? week(row.openedAt) : undefined),
  measures,
})

export const tracker = defineDatabase({
  name: 'tracker',
  events: [
    IssueOpened,
    IssueEdited,
    IssueDescribed,
    IssueAssigned,
    IssueClosed,
    IssueReopened,
    IssueDeleted,
    IssueRestored,
    CommentAdded,
    CommentRemoved,
  ],
  views: {
    issues,
    comments,
    descriptions,
    issueSearch,
    byStatus,
    byAssignee,
    byLabels,
    openedByWeek,
    closedByWeek,
    openByWeek,
  },
})

export type Tracker = typeof tracker
