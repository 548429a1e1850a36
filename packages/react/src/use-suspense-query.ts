/**
 * `useSuspenseQuery`: the answer to a query, for components that are only rendered once there is one. While it loads,
 * the nearest `Suspense` shows its fallback; where it fails without any answer, the nearest error boundary gets the
 * `HeadwaterError`. A change of the query inside `startTransition` keeps what is shown until the new answer is there.
 */
import type { Query, QueryState } from 'headwater'
import { use, useCallback } from 'react'
import { useDatabase } from './database-provider.tsx'
import { LOADING, useHeldQuery, useHeldState } from './held-query.ts'
import { pendingOf } from './pending.ts'

/** A state with an answer. */
export type AnsweredState<T> = Extract<QueryState<T>, { readonly status: 'ready' | 'stale' }>

/** Asks `query` below a `DatabaseProvider` and suspends until there is an answer; then follows it as `useQuery` does. */
export function useSuspenseQuery<T>(query: Query<T>): AnsweredState<T> {
  const pending = pendingOf(useDatabase())
  const { key } = query
  const held = useHeldQuery(query)
  const claim = useCallback(() => queueMicrotask(() => pending.release(key)), [pending, key])
  const state = useHeldState<T>(held, () => held.query?.state() ?? LOADING, claim)
  // React wants the same hooks in the render that follows a suspended one, so `use` is called with an answer, too.
  use(state.status === 'loading' ? pending.wait(query) : ANSWERED)
  if (state.status === 'error') throw state.error
  if (state.status === 'loading') throw new Error('React rendered on while its query was loading.')
  return state
}

/** A promise that React knows to be fulfilled without waiting for it. */
const ANSWERED = Object.assign(Promise.resolve(), { status: 'fulfilled', value: undefined })
