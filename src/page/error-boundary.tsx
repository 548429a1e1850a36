/** Catches what a component throws, opening included, and says it in words. React wants a class for this. */
import { Component, type ReactNode } from 'react'
import { Fault } from './fault.tsx'
import { faultOf } from './fault-of.ts'
import { Mark } from './mark.tsx'

interface Caught {
  readonly error?: unknown
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, Caught> {
  override readonly state: Caught = {}

  static getDerivedStateFromError(error: unknown): Caught {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children
    return (
      <main className="alone">
        <Mark />
        <h1>The page has stopped</h1>
        <div role="alert">
          <Fault error={faultOf(this.state.error)} />
        </div>
        <p>What was stored is safe: the log only grows.</p>
        <button type="button" className="primary" onClick={() => location.reload()}>
          Reload the page
        </button>
      </main>
    )
  }
}
