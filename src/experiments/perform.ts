/** Performs an experiment once: sets the stage, runs it, and clears up whatever becomes of it. */
import type { Experiment, Outcome } from './experiment.ts'
import { setStage } from './stage.ts'

export interface PerformOptions {
  /** Hears each step as it happens. */
  readonly tell: (text: string) => void
  /** Ends it in the middle; what it stored is deleted all the same. */
  readonly signal: AbortSignal
}

export async function perform({ slug, run }: Experiment, { tell, signal }: PerformOptions): Promise<Outcome> {
  const lot = Math.random().toString(36).slice(2, 10)
  const stage = await setStage({ run: `${slug}-${lot}`, tell, signal })
  try {
    return await Promise.race([run(stage), abortOf(signal)])
  } finally {
    await stage.strike()
  }
}

/** Rejects once the signal is aborted. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
