/**
 * `useAppend`: the database's `append` with what a form needs to show: whether one of this component's appends is on its
 * way, and why the last one failed. A failure that the caller does not await is shown, not thrown as unhandled.
 */
import type { Database } from 'headwater'
import { useCallback, useState } from 'react'
import { useDatabase } from './database-provider.tsx'

/** `Database.append`. The same function until the database changes. */
export type Append = Database['append']

/** How this component's appends fare. */
export interface AppendState {
  /** At least one is on its way. */
  readonly pending: boolean
  /** Why the newest to end has failed (a `HeadwaterError`); nothing once one is stored or tried. */
  readonly error: unknown
}

const IDLE = { running: 0, error: undefined as unknown }

/** Appends to the database of the nearest provider. */
export function useAppend(): readonly [append: Append, state: AppendState] {
  const database = useDatabase()
  const [{ running, error }, setState] = useState(IDLE)
  const append = useCallback<Append>(
    (drafts, options) => {
      const end = (error: unknown): void => setState(({ running }) => ({ running: running - 1, error }))
      setState(({ running }) => ({ running: running + 1, error: undefined }))
      const stored = database.append(drafts, options)
      stored.then(() => end(undefined), end)
      return stored
    },
    [database],
  )
  return [append, { pending: running > 0, error }]
}
