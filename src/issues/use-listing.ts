/** The listing that fits a filter, the same one until filter or moment change. */
import { useMemo } from 'react'
import { useViews } from '../moment.ts'
import { type Filter, type Listing, listingOf } from './listing.ts'

export function useListing({ status, assignee, label }: Filter): Listing {
  const views = useViews()
  return useMemo(() => listingOf(views, { status, assignee, label }), [views, status, assignee, label])
}
