/**
 * From `openDatabase` to the first answers: a row by key and 50 rows by index; or the first search.
 */
import type { OpenOptions, OpenTimes } from '../hand/open.ts'
import { issueId } from '../stream.ts'
import { openSearchable, openTracker } from './open-database.ts'

export async function openRows({ rows }: OpenOptions): Promise<OpenTimes> {
  const start = performance.now()
  const db = await openTracker()
  const row = await db.views.issues.get(issueId(rows >> 1))
  const getMs = performance.now() - start
  const found = await db.views.issues.range('byStatus', { prefix: ['open'], limit: 50 })
  const rangeMs = performance.now() - start
  if (row?.id !== issueId(rows >> 1) || found.length !== 50) throw new Error('the stored rows are not whole')
  return { getMs, rangeMs }
}

export async function searchFirst({
  text,
}: {
  readonly text: string
}): Promise<{ ms: number; total: number }> {
  const start = performance.now()
  const db = await openSearchable()
  const { total } = await db.views.issueSearch.search(text)
  return { ms: performance.now() - start, total }
}
