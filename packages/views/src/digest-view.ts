/**
 * One digest of all that a view holds: the digests of its entries, in key order, mixed into one as they come. It says as much
 * as they do: what is held, not how it is stored, in which order it came, or where in a log.
 */
import { digestText } from './digest.ts'
import type { ViewGroup } from './group/view-group.ts'
import type { ProgressOptions } from './progress-options.ts'
import { whileAllStill } from './verify.ts'
import type { View } from './view.ts'
import type { ViewDigest } from './views.ts'
import { aborted } from './waits.ts'

/** Entries between two words on how far it is. */
const TELL_EVERY = 1_000

/** Digests a view, while the groups that it belongs to, or derives from, stand still. Rejects with `ABORTED`. */
export function digestView(
  name: string,
  view: View,
  groups: readonly ViewGroup[],
  progress: ProgressOptions,
): Promise<ViewDigest> {
  return whileAllStill(groups, async () => {
    let digest = digestText('')
    let entries = 0
    for await (const [key, entry] of view.digests(name)) {
      if (progress.signal?.aborted) throw aborted()
      digest = digestText(`${digest} ${entry} ${key}`)
      if (++entries % TELL_EVERY === 0) progress.onProgress?.({ done: entries, total: entries })
    }
    return { view: name, offset: view.position, entries, digest }
  })
}
