/** The page around its places; what few open at once is loaded when it is opened. */
import { useStatus } from '@headwater/react'
import { type ReactNode, useRef } from 'react'
import { BoardPage } from './board/board-page.tsx'
import { ImportReportDialog } from './data/import-report.tsx'
import { useDrop } from './data/use-drop.ts'
import { useTracker } from './database.ts'
import { IssuesPage } from './issues/issues-page.tsx'
import { DatabaseFault } from './page/database-fault.tsx'
import { EmptyPage } from './page/empty-page.tsx'
import { Header } from './page/header.tsx'
import { LatePart } from './page/late-part.tsx'
import { lazyPlace } from './page/lazy-place.ts'
import { Notices } from './page/notices.tsx'
import { RemediesContext } from './page/remedies.tsx'
import { useMedia } from './page/use-media.ts'
import { useShortcuts } from './page/use-shortcuts.ts'
import { Palette } from './palette/palette.tsx'
import { usePalette } from './palette/use-palette.ts'
import { LogTail } from './room/log-tail.tsx'
import { TimeTravel } from './room/time-travel.tsx'
import { ViewsPanel } from './room/views-panel.tsx'
import { type Route, useRoute } from './route.ts'

const NumbersPage = lazyPlace(
  'The numbers',
  async () => (await import('./numbers/numbers-page.tsx')).NumbersPage,
)
const RoomPage = lazyPlace('The machine room', async () => (await import('./room/room-page.tsx')).RoomPage)
const ExperimentsPage = lazyPlace(
  'The page of experiments',
  async () => (await import('./experiments/experiments-page.tsx')).ExperimentsPage,
)

const NEEDS_ISSUES: ReadonlySet<Route['page']> = new Set(['issues', 'board', 'numbers'])

export function App(): ReactNode {
  return (
    <RemediesContext value={useTracker()}>
      <Frame />
    </RemediesContext>
  )
}

function Frame(): ReactNode {
  const route = useRoute()
  const { page, issue } = route
  useShortcuts(route)
  const palette = usePalette()
  const main = useRef<HTMLElement>(null)
  const isWide = useMedia('(min-width: 80rem)')
  const isDropping = useDrop()
  const isEmpty = useStatus((status) => status.log.head === 0)
  const hasRail = isWide && page !== 'room' && page !== 'experiments'
  return (
    <div className="app" data-rail={hasRail} data-dropping={isDropping}>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <Header page={page} onPalette={palette.open} />
      <main ref={main} id="main" tabIndex={-1}>
        <TimeTravel />
        <DatabaseFault />
        {isEmpty && NEEDS_ISSUES.has(page) && issue !== 'new' ? (
          <EmptyPage />
        ) : (
          <LatePart key={page} coming={<p className="nothing">Loading…</p>}>
            <Page route={route} />
          </LatePart>
        )}
      </main>
      {hasRail && (
        <aside className="rail" aria-label="The engine at work">
          <LogTail limit={6} />
          <ViewsPanel />
        </aside>
      )}
      <Notices />
      <ImportReportDialog />
      {palette.isOpen && <Palette onClose={palette.close} />}
      <div className="drop-hint" aria-hidden={!isDropping}>
        <p>Drop a file of events to import it</p>
      </div>
    </div>
  )
}

function Page({ route: { page, within } }: { readonly route: Route }): ReactNode {
  switch (page) {
    case 'issues':
      return <IssuesPage />
    case 'numbers':
      return <NumbersPage />
    case 'board':
      return <BoardPage />
    case 'room':
      return <RoomPage />
    case 'experiments':
      return <ExperimentsPage within={within} />
  }
}
