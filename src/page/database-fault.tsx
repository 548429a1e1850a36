/** What is wrong with the database as a whole, above whatever the page shows: the worker, the storage, the hub's refusal. */
import { useStatus, useSync } from '@headwater/react'
import type { ReactNode } from 'react'
import { useTracker } from '../database.ts'
import { Fault } from './fault.tsx'

export function DatabaseFault(): ReactNode {
  const db = useTracker()
  const state = useStatus((status) => status.state)
  const error = useStatus((status) => status.error ?? status.log.readOnly)
  return (
    <div className="database-fault" role="alert">
      {state === 'restarting' && (
        <p className="banner">The worker died and is being started again. What is stored is safe.</p>
      )}
      {state !== 'restarting' && error !== undefined && <Fault error={error} />}
      {db.sync && <SyncFault />}
    </div>
  )
}

/** Being offline is no fault; being refused is one, and it stays until somebody does something. */
function SyncFault(): ReactNode {
  const { state, error } = useSync()
  return state === 'refused' && error && <Fault what="Syncing" error={error} />
}
