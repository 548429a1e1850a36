/**
 * A list of issues as the index has it that fits a filter: how many there are, and any run of them by its place in the
 * list. Newest first; where a list holds open and closed issues of one person or label, the open ones come first.
 */
import type { Page, Query } from 'headwater'
import type { Issue } from '../model.ts'
import type { PastViews } from '../moment.ts'
import type { Route } from '../route.ts'

export type Filter = Pick<Route, 'status' | 'assignee' | 'label'>

/** Where a run begins, and how long it is. */
export interface Run {
  readonly offset: number
  readonly limit: number
}

export interface Listing {
  readonly total: Query<number>
  readonly run: (run: Run) => Query<Page<Issue>>
}

export function listingOf({ issues }: PastViews, { status, assignee, label }: Filter): Listing {
  const reverse = true
  const statuses = status === 'all' ? ([] as const) : ([status] as const)
  const who = assignee === '' ? null : assignee
  if (label !== undefined && who !== undefined) {
    const prefix = [label, who, ...statuses] as const
    return {
      total: issues.count('byLabelAndAssignee', { prefix }),
      run: (run) => issues.page('byLabelAndAssignee', { ...run, prefix, reverse }),
    }
  }
  if (label !== undefined) {
    const prefix = [label, ...statuses] as const
    return {
      total: issues.count('byLabel', { prefix }),
      run: (run) => issues.page('byLabel', { ...run, prefix, reverse }),
    }
  }
  if (who !== undefined) {
    const prefix = [who, ...statuses] as const
    return {
      total: issues.count('byAssignee', { prefix }),
      run: (run) => issues.page('byAssignee', { ...run, prefix, reverse }),
    }
  }
  if (statuses.length > 0) {
    const prefix = statuses
    return {
      total: issues.count('byStatus', { prefix }),
      run: (run) => issues.page('byStatus', { ...run, prefix, reverse }),
    }
  }
  return {
    total: issues.count('byTime'),
    run: (run) => issues.page('byTime', { ...run, reverse }),
  }
}
