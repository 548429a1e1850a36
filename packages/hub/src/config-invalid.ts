/** The refusal of an option or argument that cannot be: said at start, before anything listens. */
import { HeadwaterError } from '@headwater/log'

/** `CONFIG_INVALID` with what is wrong. */
export function configInvalid(what: string, hint = 'Correct the option and start again.'): HeadwaterError {
  return new HeadwaterError('CONFIG_INVALID', what, { hint })
}
