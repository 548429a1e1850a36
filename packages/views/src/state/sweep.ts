/**
 * The sweep: frees what no tab can use any more. The epoch is raised first, so that a checkpoint under way, whose new
 * pages nobody lists yet, is refused (`swept`) instead of listing pages that are gone. A manifest goes only while its
 * pin is held here alone, and once it is gone nobody can pin it again; then go the pages that no manifest lists.
 *
 * What goes: manifests that a newer one of their lineage has replaced, side lineages that nobody builds on, and
 * lineages that nobody has stored to for `keepUnusedMs`.
 */
import type { WallClock } from '@headwater/log'
import type { Hold, Locks } from '../locks.ts'
import type { BaseStore, ManifestId, PageId, StoredManifest } from './base-store.ts'
import { pinName } from './pin.ts'
import { isSideLineage } from './side-lineage.ts'

/** What `sweep` is given. */
export interface SweepOptions {
  readonly store: BaseStore
  readonly locks: Locks
  readonly lockScope: string
  readonly clock: WallClock
  /** How long the base of a lineage is kept that no tab has open (7 days): an older build of the app may come back. */
  readonly keepUnusedMs?: number
  /** Lineages that this tab serves: kept however old their base is. */
  readonly inUse?: ReadonlySet<string>
}

/** What a sweep freed. */
export interface SweepReport {
  readonly manifests: number
  readonly pages: number
}

const KEEP_UNUSED_MS = 7 * 24 * 60 * 60 * 1000

type ManifestHead = Omit<StoredManifest, 'text'>

/** Sweeps once. Two sweeps at a time do no harm. */
export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const { store } = options
  const { lastPage } = await store.raiseEpoch()
  const manifests = await removeManifests(options)
  const listed = new Set<PageId>()
  for (const { pages } of await store.manifests()) for (const id of pages) listed.add(id)
  const pages = (await store.pageIds()).filter((id) => id <= lastPage && !listed.has(id))
  if (pages.length > 0) await store.remove([], pages)
  return { manifests, pages: pages.length }
}

async function removeManifests(options: SweepOptions): Promise<number> {
  const { store, locks, lockScope } = options
  const unpinned: ManifestId[] = []
  const holds: Hold[] = []
  try {
    for (const { id } of findUnused(await store.manifests(), options)) {
      const hold = await locks.exclusiveIfFree(pinName(lockScope, id))
      if (hold === undefined) continue
      holds.push(hold)
      unpinned.push(id)
    }
    if (unpinned.length > 0) await store.remove(unpinned, [])
  } finally {
    for (const hold of holds) hold.release()
  }
  return unpinned.length
}

function findUnused(manifests: readonly ManifestHead[], options: SweepOptions): readonly ManifestHead[] {
  const oldest = options.clock.now() - (options.keepUnusedMs ?? KEEP_UNUSED_MS)
  const current = new Map(manifests.map(({ lineage, id }) => [lineage, id]))
  return manifests.filter(({ lineage, id, storedAt }) => {
    if (current.get(lineage) !== id || isSideLineage(lineage)) return true
    return storedAt < oldest && !options.inUse?.has(lineage)
  })
}
