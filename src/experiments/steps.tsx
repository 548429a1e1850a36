/** What happens, step by step as it happens. Told to screen readers when there is a pause. */
import type { ReactNode } from 'react'
import type { Step } from './use-run.ts'
import { formatMs } from './wording.ts'

interface StepsProps {
  readonly steps: readonly Step[]
  readonly isRunning: boolean
}

export function Steps({ steps, isRunning }: StepsProps): ReactNode {
  return (
    <section className="steps" aria-labelledby="steps-heading" aria-busy={isRunning}>
      <h2 id="steps-heading">What happened</h2>
      <div role="log" aria-labelledby="steps-heading">
        <ol>
          {steps.map(({ at, text, ms }) => (
            <li key={at}>
              <span className="when">{formatMs(ms)}</span>
              <span>{text}</span>
            </li>
          ))}
          {isRunning && (
            <li className="now">
              <span className="when" />
              <span>…</span>
            </li>
          )}
        </ol>
      </div>
    </section>
  )
}
