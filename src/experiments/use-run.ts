/** One experiment at work on its page: what it has told so far, and what came of it. Ended when the page is left. */
import { useEffect, useRef, useState } from 'react'
import { type FaultText, faultOf } from '../page/fault-of.ts'
import type { Experiment, Outcome } from './experiment.ts'
import { perform } from './perform.ts'
import { noteRun } from './progress.ts'

/** Something that happened, and when, counted from the start. */
export interface Step {
  readonly at: number
  readonly text: string
  readonly ms: number
}

interface Begun {
  /** The answer that was predicted; nothing when the guess was skipped. */
  readonly predicted: string | undefined
  readonly steps: readonly Step[]
}

export type Run =
  | { readonly phase: 'idle' }
  | (Begun & { readonly phase: 'running' })
  | (Begun & { readonly phase: 'done'; readonly outcome: Outcome })
  | (Begun & { readonly phase: 'failed'; readonly error: FaultText })

export interface RunControls {
  readonly run: Run
  readonly start: (predicted: string | undefined) => void
  readonly stop: () => void
}

const IDLE: Run = { phase: 'idle' }

export function useRun(experiment: Experiment): RunControls {
  const [run, setRun] = useState<Run>(IDLE)
  const controller = useRef<AbortController>(undefined)
  useEffect(() => () => controller.current?.abort(), [])

  const start = (predicted: string | undefined): void => {
    controller.current?.abort()
    controller.current = new AbortController()
    const { signal } = controller.current
    const beganAt = performance.now()
    let begun: Begun = { predicted, steps: [] }
    const tell = (text: string): void => {
      const { steps } = begun
      begun = { ...begun, steps: [...steps, { at: steps.length, text, ms: performance.now() - beganAt }] }
      setRun({ phase: 'running', ...begun })
    }
    const end = (outcome: Outcome): void => {
      if (signal.aborted) return
      noteRun(experiment.slug, predicted === undefined ? undefined : predicted === outcome.answer)
      setRun({ phase: 'done', outcome, ...begun })
    }
    const fail = (error: unknown): void => {
      if (!signal.aborted) setRun({ phase: 'failed', error: faultOf(error), ...begun })
    }
    setRun({ phase: 'running', ...begun })
    perform(experiment, { tell, signal }).then(end, fail)
  }
  const stop = (): void => {
    controller.current?.abort()
    setRun(IDLE)
  }
  return { run, start, stop }
}
