/**
 * Waits that end (D4): a promise, or a named error when its time is up. The work goes on unseen; who races must make sure
 * that a late result is let go of.
 */
import { HeadwaterError } from '@headwater/log'
import type { Timers } from '../seams.ts'

/** `work`, or `DEADLINE` after `deadlineMs`. `what` completes "could not … in time". */
export function withDeadline<T>(
  scheduler: Timers,
  work: Promise<T>,
  deadlineMs: number,
  what: string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const hint = 'Another tab may hold the storage: try again.'
    const cancel = scheduler.after(deadlineMs, () => reject(overdue(what, hint)))
    work.then(resolve, reject).finally(cancel)
  })
}

/** What a wait that is overdue rejects with. */
export function overdue(what: string, hint: string): HeadwaterError {
  return new HeadwaterError('DEADLINE', `Headwater could not ${what} in time.`, { hint })
}
