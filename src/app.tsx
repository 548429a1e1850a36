/** The page around its three places: issues, numbers, and the engine at work (on wide screens always at the side). */
import { useStatus } from '@headwater/react'
import { type ReactNode, useRef } from 'react'
import { ImportReportDialog } from './data/import-report.tsx'
import { useDrop } from './data/use-drop.ts'
import { EnginePage } from './engine/engine-page.tsx'
import { LogTail } from './engine/log-tail.tsx'
import { ViewsPanel } from './engine/views-panel.tsx'
import { IssuesPage } from './issues/issues-page.tsx'
import { NumbersPage } from './numbers/numbers-page.tsx'
import { EmptyPage } from './page/empty-page.tsx'
import { Fault } from './page/fault.tsx'
import { Header } from './page/header.tsx'
import { Notices } from './page/notices.tsx'
import { useMedia } from './page/use-media.ts'
import { useShortcuts } from './page/use-shortcuts.ts'
import { type PageName, useRoute } from './route.ts'

export function App(): ReactNode {
  const route = useRoute()
  const { page, issue } = route
  useShortcuts(route)
  const main = useRef<HTMLElement>(null)
  const isWide = useMedia('(min-width: 80rem)')
  const isDropping = useDrop()
  const isEmpty = useStatus((status) => status.log.head === 0)
  const hasRail = isWide && page !== 'engine'
  return (
    <div className="app" data-rail={hasRail} data-dropping={isDropping}>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <Header page={page} />
      <main ref={main} id="main" tabIndex={-1}>
        <DatabaseFault />
        {isEmpty && page !== 'engine' && issue !== 'new' ? <EmptyPage /> : <Page page={page} />}
      </main>
      {hasRail && (
        <aside className="rail" aria-label="The engine at work">
          <LogTail limit={6} />
          <ViewsPanel />
        </aside>
      )}
      <Notices />
      <ImportReportDialog />
      <div className="drop-hint" aria-hidden={!isDropping}>
        <p>Drop a file of events to import it</p>
      </div>
    </div>
  )
}

function Page({ page }: { readonly page: PageName }): ReactNode {
  switch (page) {
    case 'issues':
      return <IssuesPage />
    case 'numbers':
      return <NumbersPage />
    case 'engine':
      return <EnginePage />
  }
}

function DatabaseFault(): ReactNode {
  const state = useStatus((status) => status.state)
  const error = useStatus((status) => status.error ?? status.log.readOnly)
  if (state === 'restarting') return <p className="banner">The worker died and is being started again.</p>
  return error === undefined ? null : <Fault error={error} />
}
