/** What every log says when it is closed or a caller's signal stops it; one wording for all implementations. */
import { HeadwaterError } from './error.ts'

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
