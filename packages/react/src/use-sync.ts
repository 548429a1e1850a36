/**
 * `useSync`: how replication fares, as a whole or the part that `select` takes, with what may be asked of it. Only below a
 * provider whose database was opened with `sync`.
 */
import type { Sync, SyncStatus } from 'headwater'
import { useCallback, useSyncExternalStore } from 'react'
import { useDatabase } from './database-provider.tsx'

/** How it fares, and what may be asked. */
export interface SyncInUse extends SyncStatus, Pick<Sync, 'pause' | 'resume' | 'reached'> {}

/**
 * The status of replication of the nearest provider's database, with `pause`, `resume` and `reached`. Throws where the
 * database does not sync.
 */
export function useSync(): SyncInUse {
  const { sync } = useDatabase()
  if (sync === undefined) throw new Error('The database here does not sync: open it with `sync`.')
  const subscribe = useCallback((listener: () => void) => sync.subscribe(listener), [sync])
  const status = useSyncExternalStore(subscribe, sync.get, sync.get)
  const { pause, resume, reached } = sync
  return { ...status, pause, resume, reached }
}
