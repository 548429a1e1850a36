/**
 * Waits that end: each with what it waited for, or with its deadline's error, or with an abort (D4). A set of waits is
 * looked through when something may have changed; what a condition throws ends its wait.
 */
import { HeadwaterError, type Scheduler } from '@headwater/log'

/** How long a wait may take. */
export interface Patience {
  readonly deadlineMs: number
  readonly signal: AbortSignal | undefined
  /** Made when the deadline comes. */
  readonly tooLate: () => HeadwaterError
}

/** Waits for one kind of change. */
export interface Waits {
  /** Resolves when `isOver` is true, which is asked at once and at each `look`. */
  until(isOver: () => boolean, patience: Patience): Promise<void>
  /** How often something may have changed, so that who was away for a moment can tell whether anything did. */
  readonly looks: number
  /** Something may have changed. */
  look(): void
  /** Ends all waits with this error, and every later one. */
  end(error: HeadwaterError): void
}

/** No waits yet. */
export function createWaits(scheduler: Scheduler): Waits {
  const open = new Set<{ readonly look: () => void; readonly fail: (error: HeadwaterError) => void }>()
  let ended: HeadwaterError | undefined
  let looks = 0
  return {
    get looks() {
      return looks
    },
    until: (isOver, patience) =>
      new Promise((resolve, reject) => {
        const { signal } = patience
        const settle = (finish: () => void): void => {
          open.delete(wait)
          cancel()
          signal?.removeEventListener('abort', abort)
          finish()
        }
        const fail = (error: unknown): void => settle(() => reject(asError(error)))
        const look = (): void => {
          try {
            if (isOver()) settle(resolve)
          } catch (error) {
            fail(error)
          }
        }
        const abort = (): void => fail(aborted())
        const wait = { look, fail }
        const cancel = scheduler.after(Math.max(0, patience.deadlineMs), () => fail(patience.tooLate()))
        open.add(wait)
        if (ended) return fail(ended)
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort, { once: true })
        look()
      }),
    look() {
      looks++
      for (const wait of open) wait.look()
    },
    end(error) {
      ended = error
      for (const wait of open) wait.fail(error)
    },
  }
}

/** The answer of `work`, unless the deadline or an abort comes first; the work itself goes on. */
export function withPatience<T>(work: Promise<T>, patience: Patience, scheduler: Scheduler): Promise<T> {
  const waits = createWaits(scheduler)
  let isOver = false
  const finish = (): void => {
    isOver = true
    waits.look()
  }
  work.then(finish, finish)
  return waits.until(() => isOver, patience).then(() => work)
}

/** The refusal to go on after an abort. */
export function aborted(): HeadwaterError {
  return new HeadwaterError('ABORTED', 'The wait was aborted by its caller.', {
    hint: 'Ask again when it is wanted.',
  })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
