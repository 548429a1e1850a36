/**
 * How a client ends: `close` lets appends land and asks the engine to end, `destroy` deletes as well, and either ends the
 * connection whatever comes of it, within a bound (L8, D4).
 */
import { HeadwaterError } from '@headwater/log'
import type { Timers } from '../seams.ts'
import type { Parts } from './parts.ts'

/** The end of one client. */
export interface Ending {
  /** Throws `CLOSED` once the end has begun. */
  readonly check: () => void
  readonly close: () => Promise<void>
  readonly destroy: () => Promise<void>
  /** Ends at once: the engine is gone. */
  readonly end: (error: HeadwaterError) => void
}

/** What it ends. */
export interface EndingOptions extends Pick<Parts, 'connection' | 'calls' | 'appends'> {
  readonly name: string
  readonly scheduler: Timers
  readonly stopLooking: () => void
}

const DEADLINE_MS = 10_000

/** A client that has not ended. */
export function createEnding({
  connection,
  calls,
  appends,
  name,
  scheduler,
  stopLooking,
}: EndingOptions): Ending {
  let refusal: HeadwaterError | undefined
  let ended: Promise<void> | undefined

  const end = (error: HeadwaterError): void => {
    refusal ??= error
    ended ??= Promise.resolve()
    stopLooking()
    connection.end(refusal)
  }
  const finish = async (method: 'close' | 'destroy'): Promise<void> => {
    refusal = closed(name)
    await bounded(scheduler, appends.idle())
    try {
      if (connection.isOpen()) await calls.ask(method, undefined, { silenceMs: DEADLINE_MS })
    } finally {
      end(refusal)
    }
  }
  const destroy = async (): Promise<void> => {
    if (ended) throw closed(name)
    ended = finish('destroy')
    return ended
  }
  return {
    check: () => {
      if (refusal) throw refusal
    },
    close: () => (ended ??= finish('close')),
    destroy,
    end,
  }
}

/** `work`, or the end of the bound: what is not done by then is ended all the same. */
function bounded(scheduler: Timers, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = scheduler.after(DEADLINE_MS, resolve)
    void work.then(cancel).then(resolve)
  })
}

function closed(name: string): HeadwaterError {
  return new HeadwaterError('CLOSED', `The database "${name}" is closed.`, { hint: 'Open it again first.' })
}
