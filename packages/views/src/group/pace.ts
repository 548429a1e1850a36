/**
 * The pace of long work: it goes on for as long as a slice lasts and then waits for its next turn, so that queries are
 * answered in between. It counts the milliseconds worked, by which checkpoints are judged; whose turn is next is decided
 * by who makes the pace.
 */
import type { Scheduler } from '@headwater/log'
import type { Slice } from '../view.ts'

/** Cuts work into slices. */
export interface Pace {
  /** Nothing while the slice lasts, else the wait for the next one: `await (pace.rest() ?? undefined)`. */
  rest(): Promise<void> | undefined
  /** Waits for storage, which is no work. */
  away<T>(wait: T | Promise<T>): T | Promise<T>
  /** Milliseconds worked so far, waits left out. */
  readonly workedMs: number
}

/** A pace over slices; `nextTurn` is waited for between two of them. */
export function createPace(slice: () => Slice, nextTurn: () => Promise<void>, scheduler: Scheduler): Pace {
  let current = slice()
  let startedAt = scheduler.elapsedMs()
  let doneMs = 0
  const waitFor = async <T>(wait: Promise<T>): Promise<T> => {
    doneMs += scheduler.elapsedMs() - startedAt
    try {
      return await wait
    } finally {
      current = slice()
      startedAt = scheduler.elapsedMs()
    }
  }
  return {
    rest: () => (current.spent() ? waitFor(nextTurn()) : undefined),
    away: (wait) => (wait instanceof Promise ? waitFor(wait) : wait),
    get workedMs() {
      return doneMs + scheduler.elapsedMs() - startedAt
    },
  }
}
