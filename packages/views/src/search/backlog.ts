/**
 * The keys of rows that changed and have not been indexed yet, oldest first, each with the position before it changed.
 * Only keys are kept: the row is read when its turn comes, so a row that changed ten times is indexed once. The backlog is
 * bounded: at 100,000 keys it asks to be waited for, and who goes on all the same makes it give up at twice that, in
 * favour of indexing every row anew.
 */
import type { Offset } from '@headwater/log'

/** Keys at which a rebuild of the table waits. */
export const MAX_BACKLOG = 100_000

/** Keys that wait to be indexed. */
export interface Backlog {
  /** Keys that wait, those taken included. */
  readonly size: number
  /** Everything up to here is indexed, as far as it has been heard of; nothing when no key waits. */
  readonly before: Offset | undefined
  /** At its bound: who changes rows should wait. */
  readonly isFull: boolean
  /** Beyond its bound. */
  readonly isOverrun: boolean
  /** Adds a key that changed after `before`; one that waits already keeps its place. */
  add(key: string, before: Offset): void
  /** The next keys, which count as waiting until `done`. */
  take(most: number): readonly string[]
  /** What was taken has been indexed. */
  done(): void
}

/** An empty backlog. */
export function createBacklog(): Backlog {
  const waiting = new Map<string, Offset>()
  let taken = 0
  let takenBefore: Offset | undefined
  return {
    get size() {
      return waiting.size + taken
    },
    get before() {
      return takenBefore ?? waiting.values().next().value
    },
    get isFull() {
      return waiting.size + taken >= MAX_BACKLOG
    },
    get isOverrun() {
      return waiting.size + taken >= 2 * MAX_BACKLOG
    },
    add(key, before) {
      if (!waiting.has(key)) waiting.set(key, before)
    },
    take(most) {
      const keys: string[] = []
      for (const [key, before] of waiting) {
        if (keys.length === most) break
        takenBefore ??= before
        keys.push(key)
      }
      for (const key of keys) waiting.delete(key)
      taken += keys.length
      return keys
    },
    done() {
      taken = 0
      takenBefore = undefined
    },
  }
}
