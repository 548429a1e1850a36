/**
 * Whether a worker lives. It ends by an `error` or `messageerror` event, by its Web Lock becoming free (it was terminated
 * or crashed, which fires no event at all), or by us; whichever comes first is told once, to the opening while there is
 * one and to the link's owner after it.
 */
import { HeadwaterError } from '@headwater/log'
import { watchLife } from '../platform.ts'
import type { ReportMessage } from '../protocol.ts'
import type { LinkEvents } from './engine-link.ts'

/** One worker's life. */
export interface WorkerLife {
  /** `work`, or what ended the worker before. */
  readonly orEnd: <T>(work: Promise<T>) => Promise<T>
  /** Watches the lock that the worker holds. */
  readonly watch: (lifeLock: string) => void
  /** Ends it for a reason; nothing where it has ended. */
  readonly fail: (why: string) => void
  /** From here on the owner hears of the end. */
  readonly opened: () => void
  /** Terminates the worker. Nobody is told. */
  readonly end: () => void
}

/** Supervises a worker, and passes its reports on while it lives. */
export function superviseWorker(worker: Worker, events: LinkEvents): WorkerLife {
  let state: 'opening' | 'open' | 'ended' = 'opening'
  let stopWatching = (): void => undefined
  let refuse = (_error: HeadwaterError): void => undefined
  const ended = new Promise<never>((_resolve, reject) => {
    refuse = reject
  })
  // Heard by `orEnd` alone; when nothing waits any more, there is nobody to tell.
  ended.catch(() => undefined)

  const end = (): void => {
    state = 'ended'
    stopWatching()
    worker.terminate()
  }
  const fail = (event: Event | undefined, why?: string): void => {
    // It is told by name below; the browser need not print it as well.
    event?.preventDefault()
    if (state === 'ended') return
    const before = state
    end()
    if (before === 'open') events.died(workerDied(why ?? messageOf(event)))
    else refuse(notLoaded(event))
  }
  worker.addEventListener('error', (event) => fail(event))
  worker.addEventListener('messageerror', (event) => fail(event))
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (state !== 'ended' && isReports(data)) events.reports(data.reports)
  })
  return {
    orEnd: (work) => Promise.race([work, ended]),
    watch: (lifeLock) => {
      stopWatching = watchLife(lifeLock, () => fail(undefined))
    },
    fail: (why) => fail(undefined, why),
    opened: () => {
      state = 'open'
    },
    end,
  }
}

function isReports(data: unknown): data is ReportMessage {
  return typeof data === 'object' && data !== null && 'reports' in data
}

function messageOf(event: Event | undefined): string | undefined {
  return event && 'message' in event && typeof event.message === 'string' ? event.message : undefined
}

function notLoaded(event: Event | undefined): HeadwaterError {
  const cause = messageOf(event)
  const what = cause ? `threw while it was loaded: ${cause}` : 'did not load'
  return new HeadwaterError('WORKER_UNAVAILABLE', `The worker ${what}.`, {
    hint: 'Check `new Worker(new URL(…, import.meta.url), { type: "module" })`, and that it is bundled.',
    cause,
  })
}

function workerDied(cause: string | undefined): HeadwaterError {
  return new HeadwaterError('WORKER_DIED', `The worker ${cause ? `failed: ${cause}` : 'was ended'}.`, {
    hint: 'It is started again once; then reload the page.',
    cause,
  })
}
