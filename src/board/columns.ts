/** The columns of the board: which issues each shows, and what it means to move one there. */
import { assigning, type Change, settingStatus } from '../issues/changes.ts'
import type { Filter } from '../issues/listing.ts'
import type { Issue, Status } from '../model.ts'
import type { Route } from '../route.ts'

export interface Column {
  readonly key: string
  readonly title: string
  /** Whom it is for, where columns are people. */
  readonly person: string | undefined
  readonly filter: Filter
  /** The change that brings an issue here; nothing where it is here already. */
  readonly bring: (issue: Issue) => Change | undefined
}

const STATUSES: readonly (readonly [status: Status, title: string])[] = [
  ['open', 'Open'],
  ['closed', 'Closed'],
]

export function columnsOf(
  { columns, status, assignee, label }: Route,
  people: readonly string[],
): readonly Column[] {
  if (columns === 'status') {
    return STATUSES.map(([status, title]) => ({
      key: status,
      title,
      person: undefined,
      filter: { status, assignee, label },
      bring: (issue) => (issue.status === status ? undefined : settingStatus(issue, status)),
    }))
  }
  return [null, ...people].map((name) => ({
    key: name ?? '',
    title: name ?? 'Nobody',
    person: name ?? undefined,
    filter: { status, assignee: name ?? '', label },
    bring: (issue) => (issue.assignee === name ? undefined : assigning(issue, name)),
  }))
}
