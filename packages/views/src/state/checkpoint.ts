/**
 * Checkpoints: the overlay is sealed as it is when the checkpoint is asked for, its entries are merged into the pages
 * that they touch, the new pages are stored, and then the manifest that lists old and new pages: that one transaction *is* the checkpoint (V4). Until it
 * has succeeded the state reads from the old base and all overlays; whatever fails leaves the state as it was.
 */
import type { Json, Offset } from '@headwater/log'
import { assert } from '@headwater/log'
import { type Base, type BaseContent, type BaseMap, pagesOf, storedBase } from './base.ts'
import { baseLost } from './base-lost.ts'
import type { ManifestId } from './base-store.ts'
import { encodeManifest } from './manifest.ts'
import { mergeMap } from './merge-map.ts'
import type { Overlay } from './overlay.ts'
import { createPageWriter, type PageRef } from './page-writer.ts'
import type { CheckpointOutcome } from './paged-state.ts'
import { pinManifest } from './pin.ts'
import { createSlices } from './slice.ts'
import { dropSealed, joinSealed, mustBeOpen, type StateCore, switchBase, unseal } from './state-core.ts'

/** A state as it is to be stored. */
export interface Snapshot {
  /** What changed since the base: sealed when the checkpoint was asked for. */
  readonly changes: Overlay
  readonly position: Offset
  readonly meta: Json
}

/** Where a checkpoint goes and what it stands upon. */
export interface CheckpointTarget {
  readonly lineage: string
  readonly replaces: ManifestId | undefined
  readonly generation: number
}

/** The next checkpoint of the state's own line: of its lineage, or of its side lineage, whatever is current there. */
export async function checkpointOwn(core: StateCore, snapshot: Snapshot): Promise<CheckpointOutcome> {
  mustBeOpen(core)
  const { base, lineage, options } = core
  const changes = joinSealed(core, snapshot.changes)
  if (changes === undefined) return 'superseded'
  try {
    if (snapshot.position < base.checkpoint) return 'superseded'
    if (changes.isEmpty && snapshot.position === base.checkpoint) return 'nothing-new'
    const onSide = lineage !== options.lineage
    const replaces = onSide ? (await options.store.current(lineage))?.id : core.replaces
    return await storeSnapshot(
      core,
      { ...snapshot, changes },
      { lineage, replaces, generation: base.generation },
    )
  } finally {
    unseal(core, changes)
  }
}

/** Stores a snapshot, and switches to what was stored. The changes stay sealed if that fails. */
export async function storeSnapshot(
  core: StateCore,
  { changes, position, meta }: Snapshot,
  target: CheckpointTarget,
): Promise<CheckpointOutcome> {
  const { store, family, logId, clock } = core.options
  const epoch = await store.epoch()
  await checkBase(core)
  const maps = await storePages(core, changes)
  const content: BaseContent = { logId, generation: target.generation, checkpoint: position, meta, maps }
  mustBeOpen(core)
  const [storedAt, text] = [clock.now(), encodeManifest(content)]
  const { lineage, replaces } = target
  const outcome = await store.putManifest({
    lineage,
    family,
    storedAt,
    text,
    pages: pagesOf(maps),
    replaces,
    epoch,
  })
  if (typeof outcome !== 'number') return outcome
  const switched = await switchToStored(core, storedBase(content, { id: outcome, storedAt, text }), target)
  if (switched === 'stored') dropSealed(core, changes)
  return switched
}

/**
 * A pinned manifest is gone only if the whole store was wiped. Read after the epoch, which a wipe changes too: so no
 * manifest is ever stored that lists pages from before a wipe.
 */
async function checkBase({ base, options }: StateCore): Promise<void> {
  if (base.manifest === undefined || (await options.store.getManifest(base.manifest)) !== undefined) return
  throw baseLost(options.lineage, 'its manifest is gone')
}

/** Between storing and pinning, another tab may have replaced the manifest and swept it. */
async function switchToStored(
  core: StateCore,
  base: Base,
  target: CheckpointTarget,
): Promise<CheckpointOutcome> {
  const pinned = await pinManifest(core.options, base.manifest!)
  if (pinned === undefined) return 'superseded'
  if (core.closed) {
    pinned.hold.release()
    return 'stored'
  }
  switchBase(core, base, pinned.hold)
  core.lineage = target.lineage
  core.replaces = base.manifest
  return 'stored'
}

async function storePages(core: StateCore, overlay: Overlay): Promise<ReadonlyMap<string, BaseMap>> {
  const { store, cache, scheduler, untilCalm } = core.options
  const writer = createPageWriter(store, cache)
  const slices = createSlices(scheduler, untilCalm)
  const merged = new Map<string, readonly PageRef[]>()
  for (const [name, changes] of overlay.maps) {
    merged.set(name, await mergeMap(core, name, changes, writer, slices))
  }
  await writer.finish()
  const maps = new Map(core.base.maps)
  for (const [name, refs] of merged) maps.set(name, refsToMap(refs))
  return maps
}

function refsToMap(refs: readonly PageRef[]): BaseMap {
  return {
    firsts: refs.map(({ first }) => first),
    ids: refs.map(({ id }) => {
      assert(id !== undefined, 'a page is stored before the manifest that lists it')
      return id
    }),
    counts: refs.map(({ count }) => count),
    bytes: refs.map(({ bytes }) => bytes),
  }
}
