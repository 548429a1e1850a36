/**
 * Deleting a log. The browser asks every tab that has it open to let go; our handles do so at once, though not before what
 * they are writing is written. A deletion that was refused as blocked still happens when the last handle closes.
 */
import type { Scheduler } from '../seams.ts'
import { blocked, unavailable } from './database-refusals.ts'
import { platformFactory } from './platform.ts'

/** How long deleting waits for other tabs. */
export interface DestroyPatience {
  readonly scheduler: Pick<Scheduler, 'after'>
  readonly deadlineMs: number
}

/**
 * Deletes the log. Errors: `STORAGE_UNAVAILABLE`; `STORAGE_BLOCKED` when a tab still has it open, at the deadline when
 * there is one, else at once.
 */
export function destroyIndexedDbLog(
  name: string,
  factory: IDBFactory = platformFactory(name),
  patience?: DestroyPatience,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = factory.deleteDatabase(name)
    const refuse = (): void => reject(blocked(name))
    const cancel = patience?.scheduler.after(patience.deadlineMs, refuse)
    if (!patience) request.onblocked = refuse
    request.onsuccess = () => {
      cancel?.()
      resolve()
    }
    request.onerror = () => {
      cancel?.()
      reject(unavailable(name, 'it cannot be deleted', request.error))
    }
  })
}
