/**
 * Long work cut into slices: at most 3 ms at a stretch, then a turn of the event loop, so that queries are answered in
 * between. Shorter than a fold's slices, since this is work that nobody waits for, and an append passes three turns on its
 * way to a live answer: at each it may meet a slice. What is folded one after another is kept clear of them by `calm.ts`.
 */
import type { Scheduler } from '@headwater/log'

const SLICE_MS = 3

/** A run of slices. */
export interface Slices {
  /** Resolves at once while the slice lasts, in a later turn when it is used up. */
  rest(): Promise<void> | undefined
}

/** Slices that begin now; `mayGoOn` is waited for between two of them, after the turn. */
export function createSlices(scheduler: Scheduler, mayGoOn?: () => Promise<void> | undefined): Slices {
  let began = scheduler.elapsedMs()
  const takeTurn = async (): Promise<void> => {
    await scheduler.nextTurn()
    await (mayGoOn?.() ?? undefined)
    began = scheduler.elapsedMs()
  }
  return {
    rest: () => (scheduler.elapsedMs() - began < SLICE_MS ? undefined : takeTurn()),
  }
}
