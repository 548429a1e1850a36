/**
 * The rows of a long list by their number: those around the window are live, in runs of fifty, each a query of its own.
 * A run that comes into the window is asked for; one that leaves it is let go.
 */
import type { Page, Query } from 'headwater'
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Issue } from '../model.ts'
import { useCalm } from '../page/use-calm.ts'
import type { Listing } from './listing.ts'

const RUN_ROWS = 50
/** How many rows ahead of the window are asked for. */
const AHEAD_ROWS = 25

export type Entry = Page<Issue>['entries'][number]
type Runs = readonly (Page<Issue> | undefined)[]

/** What stands at a place of the list; nothing while it is not known. `first` and `last` are what the window shows. */
export function useRuns(listing: Listing, first: number, last: number): (index: number) => Entry | undefined {
  const from = Math.floor(Math.max(0, first - AHEAD_ROWS) / RUN_ROWS)
  const to = Math.floor((last + AHEAD_ROWS) / RUN_ROWS)
  const queries = useMemo(
    () =>
      Array.from({ length: to - from + 1 }, (_, i) =>
        listing.run({ offset: (from + i) * RUN_ROWS, limit: RUN_ROWS }),
      ),
    [listing, from, to],
  )
  const runs = useCalmRuns(queries, useAnswers(queries))
  return (index) => runs[Math.floor(index / RUN_ROWS) - from]?.entries[index % RUN_ROWS]
}

/** Runs that come into the window are shown at once, news of those that are there as often as people can read. */
function useCalmRuns(queries: readonly Query<Page<Issue>>[], runs: Runs): Runs {
  const calm = useCalm(useMemo(() => ({ queries, runs }), [queries, runs]))
  return calm.queries === queries && !calm.runs.includes(undefined) ? calm.runs : runs
}

/** The answers to several queries, kept live together. */
function useAnswers(queries: readonly Query<Page<Issue>>[]): Runs {
  const last = useRef<Runs>([])
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = queries.map((query) => query.subscribe(listener))
      // One microtask late, so that what both the old and the new queries ask stays live in between.
      return () =>
        queueMicrotask(() => {
          for (const stop of stops) stop()
        })
    },
    [queries],
  )
  const read = (): Runs => {
    const runs = queries.map((query) => query.state().data)
    const isSame = runs.length === last.current.length && runs.every((run, i) => run === last.current[i])
    if (!isSame) last.current = runs
    return last.current
  }
  return useSyncExternalStore(subscribe, read)
}
