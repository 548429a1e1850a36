/**
 * The issues that a search finds, for a text that changes with every key: each search begins at once and takes back the one
 * that it overtakes, and the answer before stays until the next one is there.
 */
import { isHeadwaterError, type SearchHit } from 'headwater'
import { useEffect, useState } from 'react'
import { useTracker } from '../database.ts'
import type { Issue } from '../model.ts'
import { type FaultText, faultOf } from '../page/fault-of.ts'

export interface FoundIssues {
  /** What was searched for. */
  readonly text: string
  readonly hits: readonly SearchHit<Issue>[]
  /** All that match, also those not among the hits. */
  readonly total: number
  readonly error: FaultText | undefined
}

const HITS = 12
/** The first search waits until the index is made. */
const ANSWER_WITHIN_MS = 60_000
const NOTHING: FoundIssues = { text: '', hits: [], total: 0, error: undefined }

export function useFoundIssues(text: string): FoundIssues {
  const { issueSearch } = useTracker().views
  const [found, setFound] = useState(NOTHING)
  useEffect(() => {
    if (text === '') return
    const controller = new AbortController()
    const { signal } = controller
    issueSearch.search(text, { limit: HITS, fuzzy: 0.2, signal, deadlineMs: ANSWER_WITHIN_MS }).then(
      ({ hits, total }) => {
        if (!signal.aborted) setFound({ text, hits, total, error: undefined })
      },
      (error: unknown) => {
        if (!isHeadwaterError(error, 'ABORTED')) setFound({ ...NOTHING, text, error: faultOf(error) })
      },
    )
    return () => controller.abort()
  }, [issueSearch, text])
  return text === '' ? NOTHING : found
}
