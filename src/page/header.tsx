/** The top of the page: the mark, the places, the log's head, and what brings data in and out. */
import { useStatus } from '@headwater/react'
import { type ReactNode, useState } from 'react'
import { DataButtons } from '../data/data-buttons.tsx'
import { GenerateDialog } from '../data/generate-dialog.tsx'
import { formatCount } from '../format.ts'
import { TimeTravelButton } from '../room/time-travel.tsx'
import { hrefOf, type PageName } from '../route.ts'
import { Mark } from './mark.tsx'
import { SyncState } from './sync-state.tsx'

const PLACES: readonly (readonly [page: PageName, label: string])[] = [
  ['issues', 'Issues'],
  ['board', 'Board'],
  ['numbers', 'Numbers'],
  ['room', 'Machine room'],
  ['experiments', 'Experiments'],
]

export function Header({ page }: { readonly page: PageName }): ReactNode {
  const [isGenerating, setGenerating] = useState(false)
  return (
    <header className="header">
      <a className="brand" href={hrefOf({ page: 'issues' })} aria-label="Headwater, issues">
        <Mark /> <span>Headwater</span>
      </a>
      <nav aria-label="Places">
        {PLACES.map(([name, label]) => (
          <a key={name} href={hrefOf({ page: name })} aria-current={page === name ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <LogHead />
      <SyncState />
      <TimeTravelButton />
      <DataButtons onGenerate={() => setGenerating(true)} />
      {isGenerating && <GenerateDialog onClose={() => setGenerating(false)} />}
    </header>
  )
}

/** How far the log has grown, and whether the views are with it; what became of the database, when it is not open. */
function LogHead(): ReactNode {
  const state = useStatus((status) => status.state)
  const head = useStatus((status) => status.log.head)
  const isBehind = useStatus((status) => status.views.some(({ lag, state }) => lag > 0 || state !== 'live'))
  return (
    <p className="log-head" data-behind={isBehind || state !== 'open'}>
      <span className="pulse" aria-hidden="true" />
      {state === 'open' ? (
        <>
          <span>
            <b>{formatCount(head)}</b> events
          </span>
          <span className="sr-only">{isBehind ? 'views are catching up' : 'all views are live'}</span>
        </>
      ) : (
        <span>
          database <b>{state}</b>
        </span>
      )}
    </p>
  )
}
