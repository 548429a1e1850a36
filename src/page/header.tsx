/** The top of the page: the mark, the places, the palette, the log's head, what brings data in and out, and the theme. */
import { useStatus } from '@headwater/react'
import { type ReactNode, useState } from 'react'
import { DataButtons } from '../data/data-buttons.tsx'
import { GenerateDialog } from '../data/generate-dialog.tsx'
import { formatCount } from '../format.ts'
import { IS_MAC } from '../palette/use-palette.ts'
import { TimeTravelButton } from '../room/time-travel.tsx'
import { hrefOf, type PageName } from '../route.ts'
import { Icon } from './icon.tsx'
import { Mark } from './mark.tsx'
import { PLACES } from './places.ts'
import { SyncState } from './sync-state.tsx'
import { ThemeButton } from './theme-button.tsx'

interface HeaderProps {
  readonly page: PageName
  readonly onPalette: () => void
}

export function Header({ page, onPalette }: HeaderProps): ReactNode {
  const [isGenerating, setGenerating] = useState(false)
  return (
    <header className="header">
      <a className="brand" href={hrefOf({ page: 'issues' })} aria-label="Headwater, issues">
        <Mark /> <span>Headwater</span>
      </a>
      <nav aria-label="Places">
        {PLACES.map(({ page: name, label, short }) => (
          <a
            key={name}
            href={hrefOf({ page: name })}
            aria-label={label}
            aria-current={page === name ? 'page' : undefined}
          >
            <span className="place-small">
              <Icon name={name} /> {short}
            </span>
            <span className="place-wide">{label}</span>
          </a>
        ))}
      </nav>
      <button
        type="button"
        className="quiet palette-button"
        aria-keyshortcuts={IS_MAC ? 'Meta+K' : 'Control+K'}
        onClick={onPalette}
      >
        <Icon name="search" />
        <span>Commands</span>
        <span className="key" aria-hidden="true">
          {IS_MAC ? '⌘' : 'Ctrl'} K
        </span>
      </button>
      <LogHead />
      <SyncState />
      <TimeTravelButton />
      <DataButtons onGenerate={() => setGenerating(true)} />
      <ThemeButton />
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
            <b>{formatCount(head)}</b> <span className="unit">events</span>
          </span>
          <span className="sr-only">{isBehind ? 'not all views are live' : 'all views are live'}</span>
        </>
      ) : (
        <span>
          database <b>{state}</b>
        </span>
      )}
    </p>
  )
}
