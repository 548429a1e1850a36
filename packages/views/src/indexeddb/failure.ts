/**
 * What IndexedDB's failures are called here. A failure that may be the connection's is worth one try on a new one; a
 * full disk and a newer database are not.
 */
import { HeadwaterError, isHeadwaterError } from '@headwater/log'

/** Whether a new connection may do better. */
export function isConnectionFailure(error: unknown): boolean {
  return !isHeadwaterError(error) && nameOf(error) !== 'QuotaExceededError'
}

/** The named error for whatever a call on the store failed with. */
export function nameFailure(error: unknown): HeadwaterError {
  if (isHeadwaterError(error)) return error
  if (nameOf(error) === 'QuotaExceededError') {
    return new HeadwaterError(
      'STORAGE_FULL',
      'The browser gives no more room for the stored bases of the views.',
      {
        hint: 'Free some space; until then views answer from memory and are folded again after a restart.',
        cause: error,
      },
    )
  }
  return new HeadwaterError('STORAGE_LOST', 'The database of the bases failed, also on a new connection.', {
    hint: 'Nothing is lost: the log is stored apart. Reload the page if this goes on.',
    cause: error,
  })
}

/** The named error for an open that failed. */
export function nameOpenFailure(name: string, error: unknown): HeadwaterError {
  if (isHeadwaterError(error)) return error
  if (nameOf(error) === 'VersionError') {
    return new HeadwaterError('FORMAT_NEWER', `The database "${name}" was written by a newer build.`, {
      hint: 'Reload the app to get the newer build.',
      cause: error,
    })
  }
  return new HeadwaterError('STORAGE_UNAVAILABLE', `The database "${name}" cannot be opened here.`, {
    hint: 'Private windows and full disks may forbid storage; the views can be kept in memory instead.',
    cause: error,
  })
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : ''
}
