/**
 * What every log says when it is closed or a caller's signal stops it: one wording for all implementations, and the gate
 * through which each call goes first.
 */
import { HeadwaterError } from './error.ts'

/** Lets calls pass until it is closed. */
export interface Gate {
  /** Throws `CLOSED` after `close`, `ABORTED` when the signal has been aborted. */
  readonly pass: (signal?: AbortSignal) => void
  readonly close: () => void
}

/** Creates a gate of a thing that is called `what`. */
export function createGate(what: string): Gate {
  let isClosed = false
  return {
    pass: (signal) => {
      if (isClosed) throw closed(what)
      refuseAborted(signal)
    },
    close: () => {
      isClosed = true
    },
  }
}

/** The refusal of a call after `close`. */
export function closed(what: string): HeadwaterError {
  return new HeadwaterError('CLOSED', `The ${what} is closed.`, { hint: 'Open it again to go on.' })
}

/** The refusal of a call whose signal was aborted before it took effect. */
export function aborted(signal: AbortSignal): HeadwaterError {
  const hint = 'Nothing was stored or changed.'
  return new HeadwaterError('ABORTED', 'The call was aborted by its signal.', { hint, cause: signal.reason })
}

/** Throws `ABORTED` when the signal has been aborted. */
export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal)
}
