/** The issues that fit the filter, as one long list. */
import { type ReactNode, useCallback } from 'react'
import type { Issue } from '../model.ts'
import type { Route } from '../route.ts'
import { IssueRow } from './issue-row.tsx'
import { useListing } from './use-listing.ts'
import { VirtualList } from './virtual-list.tsx'

/** As `.issue-row` has it in the style. */
const ROW_HEIGHT_PX = 68

export function IssueList({ route }: { readonly route: Route }): ReactNode {
  const listing = useListing(route)
  const render = useCallback(
    (issue: Issue, tabIndex: 0 | -1) => <IssueRow issue={issue} route={route} tabIndex={tabIndex} />,
    [route],
  )
  return (
    <VirtualList
      listing={listing}
      label="Issues in this list"
      rowHeightPx={ROW_HEIGHT_PX}
      nothing="No issue here."
      render={render}
    />
  )
}
