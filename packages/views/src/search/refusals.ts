/**
 * The named errors of a search index, one function each: what happened to what, and what to do about it.
 */
import { HeadwaterError } from '@headwater/log'

/** A query that no answer fits: what is wrong with it, and what is right. */
export function invalidQuery(message: string, hint: string): HeadwaterError {
  return new HeadwaterError('QUERY_INVALID', message, { hint })
}

/** A row whose member holds what is no text. */
export function refusedMember(key: string, field: string): HeadwaterError {
  const message = `The row "${key}" cannot be indexed: its member "${field}" is neither a text nor a list of texts.`
  return new HeadwaterError('FOLD_FAILED', message, {
    hint: 'Index only members that hold text, or turn the member into text in the fold of the table.',
    facts: { key, field },
  })
}

/** A question to an index that stopped before it was ever whole. */
export function parkedIndex(view: string, cause: HeadwaterError): HeadwaterError {
  return new HeadwaterError('VIEW_PARKED', `The search index "${view}" is parked: ${cause.message}`, {
    hint: `Repair the cause, then rebuild "${view}". ${cause.hint}`,
    cause,
    facts: { ...cause.facts, view },
  })
}

/** A question while the rows are being exchanged: who has time asks again. */
export function rebuildingIndex(view: string, cause: HeadwaterError): HeadwaterError {
  return new HeadwaterError(
    'VIEW_REBUILDING',
    `The rows behind the search index "${view}" are being exchanged.`,
    {
      hint: 'Wait and ask again, or give the query a longer deadline.',
      cause,
      facts: { view },
    },
  )
}

/** A call on a closed view. */
export function closedIndex(view: string): HeadwaterError {
  return new HeadwaterError('CLOSED', `The search index "${view}" has been closed.`, {
    hint: 'Open the database again.',
  })
}
