/**
 * Checkpoints: the overlay is frozen as it is, its entries are merged into the pages that they touch, the new pages are
 * stored, and then the manifest that lists old and new pages: that one transaction *is* the checkpoint (V4). Until it
 * has succeeded the state reads from the old base and both overlays; whatever fails leaves the state as it was.
 */
import type { Json, Offset } from '@headwater/log'
import { assert } from '@headwater/log'
import { type Base, type BaseContent, type BaseMap, pagesOf } from './base.ts'
import { baseLost } from './base-lost.ts'
import type { ManifestId } from './base-store.ts'
import { encodeManifest } from './manifest.ts'
import { mergeMap } from './merge-map.ts'
import { Overlay } from './overlay.ts'
import { createPageWriter, type PageRef } from './page-writer.ts'
import type { CheckpointOutcome } from './paged-state.ts'
import { pinManifest } from './pin.ts'
import { createSlices } from './slice.ts'
import { mustBeOpen, type StateCore, switchBase } from './state-core.ts'

/** Where a checkpoint goes and what it stands upon. */
export interface CheckpointTarget {
  readonly lineage: string
  readonly replaces: ManifestId | undefined
  readonly generation: number
  /** Stores a manifest also when nothing has changed. */
  readonly force: boolean
}

/** Stores the state as of now, and switches to what was stored. */
export async function checkpointState(
  core: StateCore,
  position: Offset,
  meta: Json,
  target: CheckpointTarget,
): Promise<CheckpointOutcome> {
  mustBeOpen(core)
  if (!target.force && core.overlay.isEmpty && position === core.base.checkpoint) return 'nothing-new'
  freeze(core)
  try {
    return await storeFrozen(core, position, meta, target)
  } finally {
    thaw(core)
  }
}

/** The next checkpoint of the state's own line: of its lineage, or of its side lineage, whatever is current there. */
export async function checkpointOwn(
  core: StateCore,
  position: Offset,
  meta: Json,
): Promise<CheckpointOutcome> {
  mustBeOpen(core)
  const { lineage } = core
  const onSide = lineage !== core.options.lineage
  const replaces = onSide ? (await core.options.store.current(lineage))?.id : core.replaces
  return checkpointState(core, position, meta, {
    lineage,
    replaces,
    generation: core.base.generation,
    force: false,
  })
}

function freeze(core: StateCore): void {
  assert(core.frozen === undefined, 'a state writes one checkpoint at a time')
  core.frozen = core.overlay
  core.overlay = new Overlay()
}

/** Takes a frozen overlay that was not stored back under the newer one. */
function thaw(core: StateCore): void {
  if (core.frozen === undefined) return
  core.frozen.absorb(core.overlay)
  core.overlay = core.frozen
  core.frozen = undefined
}

async function storeFrozen(
  core: StateCore,
  position: Offset,
  meta: Json,
  target: CheckpointTarget,
): Promise<CheckpointOutcome> {
  const { store, family, logId, clock } = core.options
  const epoch = await store.epoch()
  await checkBase(core)
  const maps = await storePages(core)
  const content: BaseContent = { logId, generation: target.generation, checkpoint: position, meta, maps }
  mustBeOpen(core)
  const outcome = await store.putManifest({
    lineage: target.lineage,
    family,
    storedAt: clock.now(),
    text: encodeManifest(content),
    pages: pagesOf(maps),
    replaces: target.replaces,
    epoch,
  })
  return typeof outcome === 'number'
    ? switchToStored(core, { ...content, manifest: outcome }, target)
    : outcome
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
  core.frozen = undefined
  return 'stored'
}

async function storePages(core: StateCore): Promise<ReadonlyMap<string, BaseMap>> {
  const { store, cache, scheduler } = core.options
  const writer = createPageWriter(store, cache)
  const slices = createSlices(scheduler)
  const merged = new Map<string, readonly PageRef[]>()
  for (const [name, changes] of core.frozen!.maps) {
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
