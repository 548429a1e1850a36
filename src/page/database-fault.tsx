/** What is wrong with the database as a whole, above whatever the page shows: the worker, the storage, the hub's refusal. */
import { useStatus, useSync } from '@headwater/react'
import type { ReactNode } from 'react'
import { useTracker } from '../database.ts'
import { Fault } from './fault.tsx'
import { Remedies } from './remedies.tsx'

export function DatabaseFault(): ReactNode {
  const db = useTracker()
  const state = useStatus((status) => status.state)
  const error = useStatus((status) => status.error ?? status.log.readOnly)
  return (
    <div className="database-fault" role="alert">
      {state === 'restarting' && (
        <p className="banner">The worker died and is being started again. What is stored is safe.</p>
      )}
      {state !== 'restarting' && error !== undefined && (
        <Fault error={error}>
          <Remedies error={error} db={db} />
        </Fault>
      )}
      {db.sync && <SyncFault />}
    </div>
  )
}

/** Being offline is no fault; being refused is one, and it stays until somebody does something. */
function SyncFault(): ReactNode {
  const db = useTracker()
  const { state, error } = useSync()
  if (state !== 'refused' || error === undefined) return null
  return (
    <Fault what="Syncing" error={error}>
      <Remedies error={error} db={db} />
    </Fault>
  )
}
