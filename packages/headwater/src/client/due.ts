/**
 * Deadlines of many waits with one timer: ten thousand appends under way are not ten thousand timers. What is overdue is
 * noticed within the second; the engine keeps deadlines more exactly, these are for an engine that hangs (D4).
 */

import type { Timers } from '../seams.ts'

/** Something that waits. */
export interface Due {
  dueMs: number
}

const LOOK_EVERY_MS = 500

/** A watch over `waiting`, to be woken when something was added. */
export function watchDue<Id, Wait extends Due>(
  scheduler: Timers,
  waiting: ReadonlyMap<Id, Wait>,
  overdue: (id: Id, wait: Wait) => void,
): () => void {
  let watching = false
  const watch = (): void => {
    if (watching || waiting.size === 0) return
    watching = true
    scheduler.after(LOOK_EVERY_MS, () => {
      watching = false
      const nowMs = scheduler.elapsedMs()
      for (const [id, wait] of waiting) if (wait.dueMs <= nowMs) overdue(id, wait)
      watch()
    })
  }
  return watch
}
