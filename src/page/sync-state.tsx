/** How syncing fares, where the page syncs: its state, what waits to be sent, who else is here; a click pauses or resumes. */
import { usePresence, useSync } from '@headwater/react'
import type { ReactNode } from 'react'
import { useTracker } from '../database.ts'
import { formatCount } from '../format.ts'
import { Icon } from './icon.tsx'
import { tellFailure } from './notice-store.ts'

export function SyncState(): ReactNode {
  return useTracker().sync && <SyncButton />
}

function SyncButton(): ReactNode {
  const { state, pending, error, pause, resume } = useSync()
  const [others] = usePresence()
  const isHeld = state === 'paused' || state === 'refused'
  const waiting = pending > 0 ? `, ${formatCount(pending)} to send` : ''
  const here = others.length > 0 ? `, ${others.length} more here` : ''
  const act = (): void => {
    if (isHeld) resume().catch(tellFailure('Resuming'))
    else pause().catch(tellFailure('Pausing'))
  }
  return (
    <button
      type="button"
      className="quiet sync-state"
      data-state={state}
      title={error ? `${error.message} ${error.hint}` : isHeld ? 'Resume syncing' : 'Pause syncing'}
      aria-label={`Sync: ${state}${waiting}${here}`}
      onClick={act}
    >
      <span className="sync-icon">
        <Icon name="sync" />
      </span>
      <span className="sync-says">
        {state}
        <span className="sync-more">
          {waiting}
          {here}
        </span>
      </span>
    </button>
  )
}
