/** The shape of the page while the database opens. */
import type { ReactNode } from 'react'
import { Mark } from './mark.tsx'

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

export function Opening(): ReactNode {
  return (
    <div className="app opening">
      <output className="sr-only">Opening the database</output>
      <header className="header">
        <span className="brand">
          <Mark /> Headwater
        </span>
      </header>
      <main className="issues" aria-hidden="true">
        <div className="list-pane">
          {ROWS.map((row) => (
            <div key={row} className="bone-row">
              <div className="bone" />
              <div className="bone" />
            </div>
          ))}
        </div>
      </main>
    </div>
  )
}
