/**
 * `useStatus`: how the database fares in this tab, as a whole or the part that `select` takes. A component renders
 * again only when its part changed (by `Object.is`), so that a number in one corner costs the others nothing.
 */
import type { DatabaseStatus } from 'headwater'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { useDatabase } from './database-provider.tsx'

/** The whole status of the nearest provider's database. */
export function useStatus(): DatabaseStatus
/** A part of it. `select` must be pure; a part that it makes anew counts as changed whenever the status does. */
export function useStatus<Part>(select: (status: DatabaseStatus) => Part): Part
export function useStatus<Part>(select?: (status: DatabaseStatus) => Part): Part | DatabaseStatus {
  const { status } = useDatabase()
  const subscribe = useCallback((listener: () => void) => status.subscribe(listener), [status])
  // React asks for the snapshot twice a render, so one status must give one part.
  const getPart = useMemo(() => memoize<Part | DatabaseStatus>(select ?? getWhole), [select])
  const getSnapshot = (): Part | DatabaseStatus => getPart(status.get())
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot)
}

const getWhole = (status: DatabaseStatus): DatabaseStatus => status

function memoize<Part>(select: (status: DatabaseStatus) => Part): (status: DatabaseStatus) => Part {
  let last: { readonly status: DatabaseStatus; readonly part: Part } | undefined
  return (status) => {
    const memo = last?.status === status ? last : { status, part: select(status) }
    last = memo
    return memo.part
  }
}
