/**
 * Why the log's database is not to be had, in words.
 */
import { HeadwaterError } from '../error.ts'

/** The refusal of a log that was there and is gone. */
export function vanished(name: string): HeadwaterError {
  return new HeadwaterError('STORAGE_LOST', `The log "${name}" was deleted while it was open.`, {
    hint: 'Somebody cleared the site’s data, or destroyed the database: open it again to begin a new one.',
    facts: { name },
  })
}

/** The refusal of storage that cannot be opened. */
export function unavailable(name: string, why: string, cause?: unknown): HeadwaterError {
  return new HeadwaterError('STORAGE_UNAVAILABLE', `The database "${name}" cannot be opened: ${why}.`, {
    hint: 'Private windows, full disks and site settings can forbid storage; reload the page to try again.',
    facts: { name },
    cause,
  })
}

/** The refusal of a database that another tab holds open in an older version, or will not let go. */
export function blocked(name: string): HeadwaterError {
  return new HeadwaterError(
    'STORAGE_BLOCKED',
    `Another tab keeps the database "${name}" from being opened.`,
    {
      hint: 'Close the other tabs of this app and reload.',
      facts: { name },
    },
  )
}

/** The refusal of what a newer build wrote. */
export function newer(name: string): HeadwaterError {
  return new HeadwaterError(
    'FORMAT_NEWER',
    `The database "${name}" has a format newer than this build knows.`,
    {
      hint: 'A newer build of the app wrote it: reload the app. Nothing was changed.',
      facts: { name },
    },
  )
}
