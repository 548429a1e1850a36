/** Around what is loaded when it is first shown: something in its place while it comes, and the fault alone where it does not. */
import { type ReactNode, Suspense } from 'react'
import { ErrorBoundary } from './error-boundary.tsx'
import { StoppedPart } from './stopped.tsx'

interface LatePartProps {
  /** What stands in its place while it comes. */
  readonly coming: ReactNode
  readonly children: ReactNode
}

export function LatePart({ coming, children }: LatePartProps): ReactNode {
  return (
    <ErrorBoundary fallback={(error) => <StoppedPart error={error} />}>
      <Suspense fallback={coming}>{children}</Suspense>
    </ErrorBoundary>
  )
}
