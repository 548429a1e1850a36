/**
 * The signal that a state's base is gone or damaged under it: its database was deleted, or a page is not what the
 * manifest says. No data are lost, for bases can be folded again; what must not happen is an answer from the rest.
 */
import { HeadwaterError, isHeadwaterError } from '@headwater/log'

/** The error that reads, checkpoints and adoptions reject with. */
export function baseLost(lineage: string, what: string): HeadwaterError {
  return new HeadwaterError(
    'STORAGE_LOST',
    `The stored base of "${lineage}" cannot be used any more: ${what}.`,
    {
      hint: 'The view is folded again from the log; ask again when it is live.',
      facts: { baseLost: true },
    },
  )
}

/** Whether an error says so: the state is then to be left for its next generation. */
export function isBaseLost(error: unknown): boolean {
  return isHeadwaterError(error, 'STORAGE_LOST') && error.facts.baseLost === true
}
