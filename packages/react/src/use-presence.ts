/**
 * `usePresence`: who else is here, and what this tab shows of itself. Only below a provider whose database was opened with
 * `sync`.
 */
import type { Presence, PresenceEntry } from 'headwater'
import { useCallback, useSyncExternalStore } from 'react'
import { useDatabase } from './database-provider.tsx'

/**
 * The other tabs that show a state, and the function that sets this tab's own (the same one until the database changes; call
 * it in an effect or a handler). Throws where the database does not sync.
 */
export function usePresence(): readonly [others: readonly PresenceEntry[], set: Presence['set']] {
  const { presence } = useDatabase()
  if (presence === undefined) throw new Error('The database here does not sync: open it with `sync`.')
  const subscribe = useCallback((listener: () => void) => presence.subscribe(listener), [presence])
  const others = useSyncExternalStore(subscribe, presence.get, presence.get)
  return [others, presence.set]
}
