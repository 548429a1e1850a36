/** The buttons of what can be done about an error here. Those that need the database are left out where there is none. */
import type { Database } from 'headwater'
import { createContext, type ReactNode, useContext } from 'react'
import { exportFile } from '../data/export-file.ts'
import type { Tracker } from '../model.ts'
import { navigate, useRoute } from '../route.ts'
import type { FaultText } from './fault-of.ts'
import { tellFailure } from './notice-store.ts'
import { plainWordsOf, type Remedy } from './plain-words.ts'

/** The database that remedies work on; none while it is not open. */
export const RemediesContext = createContext<Database<Tracker> | undefined>(undefined)

export function Remedies({ error }: { readonly error: FaultText }): ReactNode {
  const db = useContext(RemediesContext)
  const { page } = useRoute()
  const buttons = (plainWordsOf(error.code)?.remedies ?? [])
    .filter((remedy) => remedy !== page)
    .flatMap((remedy) => buttonOf(remedy, db) ?? [])
  if (buttons.length === 0) return null
  return (
    <p className="remedies">
      {buttons.map(({ label, act }) => (
        <button key={label} type="button" className="small" onClick={act}>
          {label}
        </button>
      ))}
    </p>
  )
}

interface Button {
  readonly label: string
  readonly act: () => void
}

function buttonOf(remedy: Remedy, db: Database<Tracker> | undefined): Button | undefined {
  const sync = db?.sync
  switch (remedy) {
    case 'reload':
      return { label: 'Reload the page', act: () => location.reload() }
    case 'export':
      return db && { label: 'Export the log', act: () => void exportFile(db) }
    case 'room':
      return { label: 'Open the machine room', act: () => navigate({ page: 'room' }) }
    case 'resume':
      return (
        sync && { label: 'Try again', act: () => void sync.resume().catch(tellFailure('Resuming the sync')) }
      )
  }
}
