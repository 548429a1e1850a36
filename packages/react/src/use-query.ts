/**
 * `useQuery`: what a query answers now, kept live while the component is mounted. The query's own `key` is its identity,
 * so it is written where it is used, anew at every render, and there are no dependency arrays. Components with one
 * question share one subscription, and nothing renders again while the answer is equal (D3).
 */
import type { Query, QueryState } from 'headwater'
import { LOADING, useHeldQuery, useHeldState } from './held-query.ts'

/** How to ask. */
export interface UseQueryOptions {
  /**
   * While a *changed* query loads, show the answer to the one before as `stale` (default: `loading`). Right for a list
   * whose filter or search text changes; wrong where it would show one thing's data under another thing's name.
   */
  readonly keepPrevious?: boolean
}

const getLoading = (): QueryState<never> => LOADING

/**
 * Asks `query` and follows it: `loading`, then `ready`, `stale` or `error` as `QueryState` says. With `null` or
 * `undefined` nothing is asked and the state is `loading`. On the server, and until hydration is over, it is `loading`.
 */
export function useQuery<T>(query: Query<T> | null | undefined, options?: UseQueryOptions): QueryState<T> {
  const held = useHeldQuery(query)
  const state = useHeldState<T>(held, getLoading)
  return options?.keepPrevious && state.status === 'loading' && held.previous ? held.previous : state
}
