/** The question with its answers to choose from, and the button that finds out. */
import { type ReactNode, useId } from 'react'
import type { Experiment } from './experiment.ts'
import type { RunControls } from './use-run.ts'

interface PredictionProps extends Pick<RunControls, 'start' | 'stop'> {
  readonly experiment: Experiment
  readonly chosen: string | undefined
  readonly choose: (choice: string) => void
  readonly isRunning: boolean
}

export function Prediction(props: PredictionProps): ReactNode {
  const { experiment, chosen, choose, isRunning } = props
  return (
    <section className="prediction">
      <fieldset disabled={isRunning}>
        <legend>{experiment.question}</legend>
        {Object.entries(experiment.choices).map(([choice, text]) => (
          <label key={choice} className="guess">
            <input
              type="radio"
              name="prediction"
              value={choice}
              checked={chosen === choice}
              onChange={() => choose(choice)}
            />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
      <Buttons {...props} />
    </section>
  )
}

function Buttons({ experiment, chosen, isRunning, start, stop }: PredictionProps): ReactNode {
  const hint = useId()
  const waits = isRunning || chosen === undefined
  return (
    <>
      <div className="run-acts">
        <button
          type="button"
          className="primary"
          aria-disabled={waits}
          aria-describedby={hint}
          onClick={() => waits || start(chosen)}
        >
          {isRunning ? 'Running…' : experiment.act}
        </button>
        {isRunning ? (
          <button type="button" className="quiet" onClick={stop}>
            Stop
          </button>
        ) : (
          chosen === undefined && (
            <button type="button" className="quiet" onClick={() => start(undefined)}>
              Without a guess
            </button>
          )
        )}
      </div>
      <p id={hint} className="hint">
        {chosen === undefined && !isRunning
          ? 'Choose what you expect first, or go without a guess.'
          : 'It runs on the real engine, in a database of its own that is deleted afterwards.'}
      </p>
    </>
  )
}
