/**
 * Failures of an author's functions, as named errors: which function of which view failed at what, with the original
 * error as cause and what to do about it. Whoever catches one parks the view; nothing here decides that.
 */
import { HeadwaterError, type JsonFault, pathToText, type StoredEvent } from '@headwater/log'

/** What an error tells about where it happened. */
export type FailureFacts = Readonly<Record<string, string | number | boolean | null>>

/** A fold, key, index, group or measure function threw, or returned what has no place in an order. */
export function functionFailed(what: string, facts: FailureFacts, cause: unknown): HeadwaterError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HeadwaterError('FOLD_FAILED', `${what} failed: ${reason}`, {
    hint: "Repair the function, raise the view's version and reload, or call rebuild. Rows and events are frozen: return new ones.",
    cause,
    facts,
  })
}

/** A fold returned what JSON cannot carry. */
export function notJson(what: string, facts: FailureFacts, fault: JsonFault): HeadwaterError {
  const place = pathToText(fault.path, 'row')
  return new HeadwaterError(
    'FOLD_NOT_JSON',
    `${what} returned ${fault.found} at ${place}, which JSON cannot carry.`,
    {
      hint: 'Return plain JSON: times as numbers, binary data as base64 text, maps as objects; and no promise.',
      path: fault.path,
      facts,
    },
  )
}

/** Which event a failure is about. */
export function eventFacts(view: string, event: StoredEvent): FailureFacts {
  return { view, offset: event.offset, type: event.type }
}
