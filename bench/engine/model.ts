/**
 * The tracker as an app would declare it: tables, aggregates, a search index; and the four databases that the figures
 * use, from the log alone to everything.
 */
import { aggregate, count, defineDatabase, sum, table } from 'headwater'
import { search } from 'headwater/search'
import { foldAssigned, foldCommented, foldEdited, foldOpened, foldStatus, type Issue } from '../fold.ts'
import {
  events,
  IssueAssigned,
  IssueClosed,
  IssueCommented,
  IssueEdited,
  IssueOpened,
  IssueReopened,
} from './events.ts'

export const issues = table<Issue>('issues')
  .on(IssueOpened, (_row, { data }) => foldOpened(data))
  .on(IssueEdited, (row, { data }) => row && foldEdited(row, data))
  .on(IssueAssigned, (row, { data }) => row && foldAssigned(row, data))
  .on(IssueCommented, (row, { data }) => row && foldCommented(row, data))
  .on(IssueClosed, (row, { data }) => row && foldStatus(row, 'closed', data))
  .on(IssueReopened, (row, { data }) => row && foldStatus(row, 'open', data))
  .index('byStatus', (row) => [row.status, row.openedAt])

const measures = { issues: count(), points: sum((row: Issue) => row.points) }
export const byStatus = aggregate('byStatus', issues, { groupBy: (row) => row.status, measures })
export const byAssignee = aggregate('byAssignee', issues, { groupBy: (row) => row.assignee, measures })

/** What a person did: the other view that is asked while the issues rebuild. */
export interface Person {
  readonly name: string
  readonly events: number
}
const countOne = (row: Person | undefined, name: string): Person => ({ name, events: (row?.events ?? 0) + 1 })
const byKey = { key: (data: { readonly by: string }): string => data.by }
export const people = table<Person>('people')
  .on(IssueOpened, (row, _event, name) => countOne(row, name), { key: (data) => data.author })
  .on(IssueEdited, (row, _event, name) => countOne(row, name), byKey)
  .on(IssueAssigned, (row, _event, name) => countOne(row, name), byKey)
  .on(IssueCommented, (row, _event, name) => countOne(row, name), byKey)
  .on(IssueClosed, (row, _event, name) => countOne(row, name), byKey)
  .on(IssueReopened, (row, _event, name) => countOne(row, name), byKey)

export const issueSearch = search('issueSearch', issues, { fields: { title: 2, body: 1 } })

/** The log alone. */
export const eventsOnly = defineDatabase({ name: 'bench-events', events, views: {} })
/** Table, index, history and aggregates. */
export const tracker = defineDatabase({
  name: 'bench-tracker',
  events,
  views: { issues, byStatus, byAssignee },
})
/** A table and its search index. */
export const searchable = defineDatabase({ name: 'bench-search', events, views: { issues, issueSearch } })
/** All of it, and a second table. */
export const everything = defineDatabase({
  name: 'bench-everything',
  events,
  views: { issues, byStatus, byAssignee, people, issueSearch },
})
