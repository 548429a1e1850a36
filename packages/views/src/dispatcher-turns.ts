/**
 * Turns of the event loop for work in the background: rebuilds, growing parts, indexing. Whoever waits is let go in the
 * order of asking, one a turn, so that between two slices of any background work the messages that wait are handled, and
 * views that follow the head are never behind more than one such slice.
 */
import type { Scheduler } from '@headwater/log'
import type { Slice } from './view.ts'

/** Waits for one's turn among all that works in the background. */
export function createBackgroundTurns(scheduler: Scheduler): () => Promise<void> {
  const waiting: (() => void)[] = []
  let letting = false
  const letGo = async (): Promise<void> => {
    letting = true
    while (waiting.length > 0) {
      await scheduler.nextTurn()
      waiting.shift()?.()
    }
    letting = false
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (!letting) void letGo()
    })
}

/** Slices of `sliceMs` that begin when they are asked for. */
export function createSliceMaker(scheduler: Scheduler, sliceMs: number): () => Slice {
  return () => {
    const end = scheduler.elapsedMs() + sliceMs
    return { spent: () => scheduler.elapsedMs() >= end }
  }
}
