/**
 * An error in words: what it means, what can be done (with buttons for it), and its code for those who look it up. What the engine says of it in
 * its own words stands below, smaller, where there are plainer ones.
 */
import type { ReactNode } from 'react'
import type { FaultText } from './fault-of.ts'
import { plainWordsOf } from './plain-words.ts'
import { Remedies } from './remedies.tsx'

interface FaultProps {
  /** What was being done. */
  readonly what?: string
  readonly error: FaultText
}

export function Fault({ what, error }: FaultProps): ReactNode {
  const { code, message, hint } = error
  const words = plainWordsOf(code)
  return (
    <div className="fault">
      {what && <strong>{what} did not work.</strong>}
      {words && (
        <>
          <strong>{words.title}.</strong>
          <p>{words.advice}</p>
        </>
      )}
      <p className={words && 'hint'}>{message}</p>
      <p className="hint">
        {hint} <code>{code}</code>
      </p>
      <Remedies error={error} />
    </div>
  )
}
