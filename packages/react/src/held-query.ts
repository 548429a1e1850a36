/**
 * The query that a component is at, by identity: the first query object of each key on each database, however many
 * equal ones later renders make. It keeps what `useSyncExternalStore` needs stable, and the last answer to the query
 * before, taken in the render that changes the query, while its subscription still stands.
 */
import type { Database, Query, QueryState } from 'headwater'
import { useCallback, useContext, useState, useSyncExternalStore } from 'react'
import { DatabaseContext } from './database-provider.tsx'

/** What a component holds on to between renders. */
export interface HeldQuery<T> {
  readonly query: Query<T> | null | undefined
  readonly database: Database | undefined
  /** The last answer to an earlier query, as `stale`; none after a change of database or a `null` in between. */
  readonly previous: QueryState<T> | undefined
}

export const LOADING: QueryState<never> = { status: 'loading', data: undefined, error: undefined }

/** Holds on to `query` until its key or the database changes. */
export function useHeldQuery<T>(query: Query<T> | null | undefined): HeldQuery<T> {
  const database = useContext(DatabaseContext)
  const [held, setHeld] = useState<HeldQuery<T>>({ query, database, previous: undefined })
  if (held.query?.key === query?.key && held.database === database) return held
  const next = {
    query,
    database,
    previous: query && held.database === database ? lastAnswer(held) : undefined,
  }
  setHeld(next)
  return next
}

function lastAnswer<T>({ query, previous }: HeldQuery<T>): QueryState<T> | undefined {
  const state = query?.state()
  if (state?.status !== 'ready' && state?.status !== 'stale') return previous
  return { status: 'stale', data: state.data, error: undefined }
}

/** Subscribes to the held query and reads its state, without tearing. `serverState` is what the server renders. */
export function useHeldState<T>(
  held: HeldQuery<T>,
  serverState: () => QueryState<T>,
  onSubscribed?: () => void,
): QueryState<T> {
  const subscribe = useCallback(
    (listener: () => void) => {
      const stop = held.query?.subscribe(listener)
      onSubscribed?.()
      // One microtask late, so that a component that mounts in the same turn (as every one does under StrictMode)
      // takes the subscription over instead of starting it anew.
      return () => stop && queueMicrotask(stop)
    },
    [held, onSubscribed],
  )
  return useSyncExternalStore(subscribe, () => held.query?.state() ?? LOADING, serverState)
}
