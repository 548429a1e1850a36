/** Errors that lie in what is stored, not in the moment: who reads on meets them again. */
import { type HeadwaterError, isHeadwaterError } from '@headwater/log'

/** Whether a read failed for what lies in the log: a damaged record, or one that a newer build wrote. */
export function isInLog(error: unknown): error is HeadwaterError {
  return isHeadwaterError(error, 'RECORD_DAMAGED') || isHeadwaterError(error, 'FORMAT_NEWER')
}
