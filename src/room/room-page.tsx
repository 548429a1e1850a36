/** The engine at work, on a page of its own: the log, and a row per view. */
import type { ReactNode } from 'react'
import { LogTail } from './log-tail.tsx'
import { ViewsPanel } from './views-panel.tsx'

export function RoomPage(): ReactNode {
  return (
    <div className="engine">
      <h1 className="sr-only">Machine room</h1>
      <ViewsPanel />
      <LogTail limit={40} />
    </div>
  )
}
