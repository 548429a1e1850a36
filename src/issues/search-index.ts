/**
 * The index of the search is made when it is first asked, which takes seconds where there are many issues. So it is asked for
 * nothing before somebody asks in earnest: when a field to search in gets the focus, and when issues have come in bulk.
 */
import type { Database } from 'headwater'
import type { Tracker } from '../model.ts'
import { useViewStatus } from '../room/use-view-status.ts'

const SETTLED_WITHIN_MS = 60_000

/** Begins to make the index, once the views are with the log; where there is one, nothing happens. Never rejects. */
export async function makeIndex(db: Database<Tracker>): Promise<void> {
  try {
    await db.settled({ deadlineMs: SETTLED_WITHIN_MS })
    await db.views.issueSearch.search('', { limit: 1 })
  } catch {
    // Whoever searches is told what is wrong; one that takes longer than a query may is made all the same.
  }
}

/** How far the making of the index is, in words, while it goes on. */
export function useIndexMaking(): string | undefined {
  const view = useViewStatus('issueSearch')
  if (view?.state !== 'rebuilding' || view.progress === undefined) return undefined
  const { done, total } = view.progress
  return `Making the index … ${Math.floor((100 * done) / Math.max(1, total))} %`
}
