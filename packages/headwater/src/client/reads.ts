/**
 * What a page reads of each view: its live queries now, and the answers that have come.
 */
import type { WatchedView } from '../query.ts'

/** The count. */
export interface Reads {
  /** An answer of the view has come. */
  readonly answered: (view: string) => void
  /** What is read, given the view of each live query. */
  readonly watched: (queried: readonly string[]) => readonly WatchedView[]
}

/** Nothing read yet. */
export function createReads(): Reads {
  const answers = new Map<string, number>()
  return {
    answered: (view) => answers.set(view, (answers.get(view) ?? 0) + 1),
    watched: (queried) =>
      [...new Set([...answers.keys(), ...queried])].map((view) => ({
        view,
        queries: queried.filter((of) => of === view).length,
        answers: answers.get(view) ?? 0,
      })),
  }
}
