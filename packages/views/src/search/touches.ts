/**
 * Tells listeners that answers may have changed: at once when the index is settled, else at most ten times a second while
 * it catches up, so that live queries do not run again for every few rows (D3 allows several commits in one report).
 */
import type { Offset, Scheduler } from '@headwater/log'
import { createListeners } from '../listeners.ts'
import type { Changes, Dependency } from '../view.ts'

/** Every answer depends on this one key, and every change touches it: any row may change any ranking. */
export const ANY_CHANGE: Dependency = { map: 'search', from: 'any', to: 'any' }

/** Reports of changes. */
export interface Touches {
  onChanges(listener: (changes: Changes) => void): () => void
  /** Something changed that will be in the answers; `all` when another index takes over. */
  note(all: boolean): void
  /** Tells that what changed is in the answers, but for what `waits`, which is to be told yet. */
  tell(position: Offset, waits: boolean): void
  /** The same, unless something was told a moment ago. */
  tellSometimes(position: Offset, waits: boolean): void
}

const MOST_OFTEN_MS = 100

/** Reports of a view's changes. */
export function createTouches(view: string, scheduler: Scheduler): Touches {
  const listeners = createListeners<[changes: Changes]>()
  const keys = new Map([[ANY_CHANGE.map, [ANY_CHANGE.from]]])
  let untold: 'nothing' | 'some' | 'all' = 'nothing'
  let toldAt = Number.NEGATIVE_INFINITY
  const tell = (position: Offset, waits: boolean): void => {
    const told = untold
    untold = waits ? 'some' : 'nothing'
    if (told === 'nothing') return
    const changes: Changes = { view, position, all: told === 'all', keys }
    toldAt = scheduler.elapsedMs()
    listeners.tell(changes)
  }
  return {
    onChanges: (listener) => listeners.add(listener),
    note(all) {
      if (all || untold === 'nothing') untold = all ? 'all' : 'some'
    },
    tell,
    tellSometimes(position, waits) {
      if (scheduler.elapsedMs() - toldAt >= MOST_OFTEN_MS) tell(position, waits)
    },
  }
}
