/**
 * IndexedDB's events as promises, and nothing more. Inside a transaction nothing but these may be awaited: a transaction
 * ends by itself once control returns to the event loop with no request under way.
 */
import { HeadwaterError } from '../error.ts'
import type { Scheduler } from '../seams.ts'

/** The result of a request. */
export function answerOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('an IndexedDB request failed without a reason'))
  })
}

/** Resolves when the transaction has committed; rejects with the reason when it was aborted. */
export function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('an IndexedDB transaction was aborted'))
  })
}

/**
 * Adds a record; false when the key is taken, which then does not abort the transaction. Throws, like `add`, where the
 * transaction has ended: nobody may take a record for stored that was never asked to be.
 */
export function tryAdd(store: IDBObjectStore, value: unknown, key: IDBValidKey): Promise<boolean> {
  const request = store.add(value, key)
  return new Promise((resolve) => {
    request.onsuccess = () => resolve(true)
    request.onerror = (event) => {
      if (request.error?.name === 'ConstraintError') {
        event.preventDefault()
        event.stopPropagation()
      }
      resolve(false)
    }
  })
}

/** Aborts a transaction that may have ended already. */
export function abortIfOpen(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InvalidStateError') throw error
  }
}

/** `promise`, or `DEADLINE` after `delayMs`: browsers have lost completion events. */
export function withDeadline<Value>(
  promise: Promise<Value>,
  delayMs: number,
  scheduler: Scheduler,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = scheduler.after(delayMs, () => reject(late(delayMs)))
    promise.then(resolve, reject).finally(cancel)
  })
}

/** Whether an error says that the disk, or the origin's share of it, is full. */
export function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError'
}

function late(delayMs: number): HeadwaterError {
  return new HeadwaterError('DEADLINE', `IndexedDB did not answer within ${delayMs} ms.`, {
    hint: 'The browser lost the request; it is tried again on a fresh connection.',
  })
}
