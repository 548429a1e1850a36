/**
 * The platform powers that the log and the views need, each behind a small interface that is handed in, so that
 * tests and the simulator run on their own time, chance and scheduling. The real ones live at the rim, in
 * `headwater`'s `platform.ts`; nothing else reads a clock, draws a number or sets a timer.
 */

/** Wall time. May jump, also backwards; only the hybrid logical clock may rely on it. */
export interface WallClock {
  /** Milliseconds since 1970. */
  now(): number
}

/** Chance. */
export interface Random {
  /** `length` fresh random bytes. */
  bytes(length: number): Uint8Array
}

/** Elapsed time and turns of the event loop. */
export interface Scheduler {
  /** Monotonic milliseconds, for slices, rates and deadlines. */
  elapsedMs(): number
  /** Resolves in a later task, after messages that wait have been handled. */
  nextTurn(): Promise<void>
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void
}
