/**
 * Parts of the code that an app loads when it first needs them: what replication, imports and exports need is half as large
 * as the log itself, and most pages that open a database do without. A part that could not be loaded is asked for again at
 * the next call.
 */
import { HeadwaterError } from './error.ts'

/** The part, once it is loaded. Rejects with `PART_UNAVAILABLE`. */
export function latePart<Part>(name: string, load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined
  return () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined
      throw new HeadwaterError('PART_UNAVAILABLE', `The code for ${name} could not be loaded.`, {
        hint: 'The page is offline, or a newer build has replaced its files: try again, or reload the app.',
        facts: { part: name },
        cause,
      })
    })
    return loading
  }
}
