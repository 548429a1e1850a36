/**
 * Dropping what is stored: a manifest that lists nothing takes the place of the current one, so that whoever opens the
 * lineage finds no base, while tabs that hold the old one go on from it, pinned as it is, and store the next one over the
 * empty one. What nobody holds any more is the sweep's, as after every checkpoint. To a build that knows nothing of this such
 * a manifest is a base without meta, which it never uses.
 */
import { HeadwaterError, ORIGIN, type WallClock } from '@headwater/log'
import type { BaseStore, ManifestId, StoredManifest } from './base-store.ts'
import { encodeManifest, usableContent } from './manifest.ts'
import { mustBeOpen, type StateCore } from './state-core.ts'

/** What is dropped. */
export interface Dropped {
  readonly store: BaseStore
  readonly clock: WallClock
  readonly lineage: string
  readonly family: string
}

/** Each try loses only to a checkpoint or a sweep of another tab in the few milliseconds that it takes. */
const MOST_TRIES = 8

/** Puts an empty manifest in the place of the current one; nothing where there is none. Error: `STORAGE_BLOCKED`. */
export async function putEmpty(
  { store, clock, lineage, family }: Dropped,
  textInstead: (current: StoredManifest) => string,
): Promise<ManifestId | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const epoch = await store.epoch()
    const current = await store.current(lineage)
    if (current === undefined) return undefined
    const empty = { lineage, family, storedAt: clock.now(), text: textInstead(current), pages: [] }
    const outcome = await store.putManifest({ ...empty, replaces: current.id, epoch })
    if (typeof outcome === 'number') return outcome
  }
  throw new HeadwaterError('STORAGE_BLOCKED', `Other tabs keep storing bases of "${lineage}".`, {
    hint: 'Try again when they have come to rest.',
  })
}

/** Drops the lineage's stored base; the state itself goes on from what it holds. */
export async function dropStored(core: StateCore): Promise<void> {
  mustBeOpen(core)
  const { logId } = core.options
  core.replaces = await putEmpty(core.options, ({ text }) => {
    const generation = (usableContent(text, logId)?.generation ?? 0) + 1
    return encodeManifest({ logId, generation, checkpoint: ORIGIN, meta: null, maps: new Map() })
  })
  core.dropped = true
}
