/** How one view fares, renewed as often as people can read. */
import { useStatus } from '@headwater/react'
import type { DatabaseStatus } from 'headwater'
import { useCallback } from 'react'
import { useCalm } from '../page/use-calm.ts'

export type ViewStatus = DatabaseStatus['views'][number]

/** Nothing where there is no such view. */
export function useViewStatus(name: string): ViewStatus | undefined {
  const select = useCallback(
    (status: DatabaseStatus) => status.views.find((view) => view.name === name),
    [name],
  )
  return useCalm(useStatus(select))
}
