/** What is shown in place of the page when it cannot go on, opening included; and in place of one part of it. */
import type { ReactNode } from 'react'
import { Fault } from './fault.tsx'
import type { FaultText } from './fault-of.ts'
import { Mark } from './mark.tsx'
import { plainWordsOf } from './plain-words.ts'

export function Stopped({ error }: { readonly error: FaultText }): ReactNode {
  const words = plainWordsOf(error.code)
  return (
    <main className="alone">
      <Mark />
      <h1>The page has stopped</h1>
      <div role="alert">
        <Fault error={error} />
      </div>
      {words === undefined && <p>What was stored is safe: the log only grows.</p>}
      {!words?.remedies.includes('reload') && (
        <button type="button" className="primary" onClick={() => location.reload()}>
          Reload the page
        </button>
      )}
    </main>
  )
}

/** A part that has stopped; the header and all other places go on. */
export function StoppedPart({ error }: { readonly error: FaultText }): ReactNode {
  return (
    <section className="stopped-part" aria-label="What went wrong">
      <div role="alert">
        <Fault what="Showing this part of the page" error={error} />
      </div>
    </section>
  )
}
