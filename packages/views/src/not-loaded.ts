/**
 * Why a view is parked whose kind is loaded where it folds, and did not load: search and documents.
 */
import { HeadwaterError } from '@headwater/log'

/** As the error with which it is parked. `act` is what the missing part does. */
export function notLoaded(act: 'merges' | 'searches', name: string, cause: unknown): HeadwaterError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HeadwaterError('VIEW_PARKED', `The part that ${act} "${name}" did not load: ${reason}`, {
    hint: 'Reload the app; every other view goes on.',
    cause,
    facts: { view: name },
  })
}
