/** An error in words: what happened, what to do about it, and its code for those who look it up. */
import type { ReactNode } from 'react'
import type { FaultText } from './fault-of.ts'

interface FaultProps {
  /** What was being done. */
  readonly what?: string
  readonly error: FaultText
}

export function Fault({ what, error: { code, message, hint } }: FaultProps): ReactNode {
  return (
    <div className="fault">
      {what && <strong>{what} did not work.</strong>}
      <p>{message}</p>
      <p className="hint">
        {hint} <code>{code}</code>
      </p>
    </div>
  )
}
