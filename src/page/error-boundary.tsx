/** Catches what a component throws and shows what it is given for it. React wants a class for this. */
import { Component, type ReactNode } from 'react'
import { type FaultText, faultOf } from './fault-of.ts'

interface ErrorBoundaryProps {
  readonly children: ReactNode
  readonly fallback: (error: FaultText) => ReactNode
}

interface Caught {
  readonly error?: unknown
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, Caught> {
  override readonly state: Caught = {}

  static getDerivedStateFromError(error: unknown): Caught {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === undefined ? this.props.children : this.props.fallback(faultOf(error))
  }
}
