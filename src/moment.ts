/**
 * What the page reads: the views as they are now, or as they were at a moment of the past (`room/past/moments.ts`). Whatever
 * shows issues or numbers takes its queries from `useViews`, and offers no change while `useIsPast` is true.
 */
import type { Database } from 'headwater'
import { useTracker } from './database.ts'
import type { Tracker } from './model.ts'
import type { PastMoment } from './room/past/moments.ts'
import { useTravel } from './room/past/use-travel.ts'

type Views = Database<Tracker>['views']

/** The views that a moment of the past has too: tables and aggregates. */
export type PastViews = Pick<Views, keyof PastMoment['views']>

export function useViews(): PastViews {
  const { views } = useTracker()
  return useTravel().shown?.views ?? views
}

/** True while the page shows a moment of the past, which nobody can change. */
export const useIsPast = (): boolean => useTravel().shown !== undefined
