/**
 * Deleting a log. The browser asks every tab that has it open to let go; our handles do so at once, others may not, and
 * then the wait ends by name. A deletion that was refused so still happens when the last handle closes.
 */
import type { Scheduler } from '../seams.ts'
import { blocked, unavailable } from './database.ts'
import { platformAfter, platformFactory } from './platform.ts'

/** What deleting may be handed. */
export interface DestroyOptions {
  /** Default: the platform's. */
  readonly scheduler?: Pick<Scheduler, 'after'>
  /** After which other tabs count as unwilling. Default 5,000 ms. */
  readonly deadlineMs?: number
}

/** Deletes the log. Errors: `STORAGE_BLOCKED` when other tabs do not let go in time, `STORAGE_UNAVAILABLE`. */
export function destroyIndexedDbLog(
  name: string,
  factory: IDBFactory = platformFactory(name),
  { scheduler, deadlineMs = 5_000 }: DestroyOptions = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = factory.deleteDatabase(name)
    const cancel = (scheduler?.after ?? platformAfter)(deadlineMs, () => reject(blocked(name)))
    request.onsuccess = () => {
      cancel()
      resolve()
    }
    request.onerror = () => {
      cancel()
      reject(unavailable(name, 'it cannot be deleted', request.error))
    }
  })
}
