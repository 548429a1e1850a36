/**
 * What one open state consists of, as a record that the acts on it (`read.ts`, `checkpoint.ts`, `adopt.ts`) share: a
 * pinned base, the overlay, and the overlays sealed for checkpoints that are being written or wait for their turn.
 * Layers are looked through from the newest: overlay, sealed overlays, base.
 */
import type { LogId, Scheduler, WallClock } from '@headwater/log'
import { HeadwaterError } from '@headwater/log'
import type { Hold, Locks } from '../locks.ts'
import { type Base, type BaseMap, unlisted } from './base.ts'
import type { BaseStore, ManifestId } from './base-store.ts'
import { Overlay, type OverlayMap } from './overlay.ts'
import type { PageCache } from './page-cache.ts'

/** What `openPagedState` is given. */
export interface StateOptions {
  readonly store: BaseStore
  readonly locks: Locks
  /** Prefix of lock names: the database's name. */
  readonly lockScope: string
  /** Lineages of one family may take over each other's maps. */
  readonly family: string
  /** Whose state this is. Must not end in `~` and digits, which mark the side lineages of rebuilds. */
  readonly lineage: string
  /** A base folded from another log is never used. */
  readonly logId: LogId
  /** Shared by all states of the database in this tab. */
  readonly cache: PageCache
  readonly clock: WallClock
  readonly scheduler: Scheduler
  /** Waited for between two slices of a checkpoint; nothing when it may go on at once. */
  readonly untilCalm: () => Promise<void> | undefined
  /** Whether a map of another lineage of the family means the same here, and may be taken over. */
  readonly reuse: (map: string) => boolean
}

/** The parts of an open state. */
export interface StateCore {
  readonly options: StateOptions
  /** Where checkpoints go: the lineage itself, or the side lineage of a rebuild until it is published. */
  lineage: string
  base: Base
  /** Keeps the base's manifest, and so its pages, from being swept. */
  pin: Hold | undefined
  /** The manifest of `lineage` that the next checkpoint stands upon. */
  replaces: ManifestId | undefined
  /** The lineage's base was dropped: the one in use is no longer stored for anybody else. */
  dropped: boolean
  overlay: Overlay
  /** What checkpoints are to store, newest first; not written to any more. Empty but while one is under way. */
  sealed: readonly Overlay[]
  closed: boolean
}

/** A state over an empty base. */
export function createCore(options: StateOptions, lineage: string, base: Base): StateCore {
  return {
    options,
    lineage,
    base,
    pin: undefined,
    replaces: undefined,
    dropped: false,
    overlay: new Overlay(),
    sealed: [],
    closed: false,
  }
}

/** The changes of a map, newest layer first, down to one that hides what is below it. */
export function layersOf(core: StateCore, map: string): readonly OverlayMap[] {
  const newest = core.overlay.maps.get(map)
  const layers = newest === undefined ? [] : [newest]
  for (const { maps } of core.sealed) {
    if (layers.at(-1)?.hidesBelow) break
    const older = maps.get(map)
    if (older !== undefined) layers.push(older)
  }
  return layers
}

/** The base's pages of a map, where no layer hides them. */
export function visibleBase(core: StateCore, map: string): BaseMap | undefined {
  return layersOf(core, map).at(-1)?.hidesBelow ? undefined : core.base.maps.get(map)
}

/** Seals the overlay as it is: later writes go into a new one. */
export function seal(core: StateCore): Overlay {
  const sealed = core.overlay
  core.sealed = [sealed, ...core.sealed]
  core.overlay = new Overlay()
  return sealed
}

/** Makes one of a sealed overlay and the older ones, and returns it; nothing when they were dropped by a jump. */
export function joinSealed(core: StateCore, newest: Overlay): Overlay | undefined {
  const at = core.sealed.indexOf(newest)
  if (at < 0) return undefined
  const joined = core.sealed.at(-1)!
  for (const newer of core.sealed.slice(at, -1).reverse()) joined.absorb(newer)
  core.sealed = [...core.sealed.slice(0, at), joined]
  return joined
}

/** Lets go of a sealed overlay that the base now holds. */
export function dropSealed(core: StateCore, stored: Overlay): void {
  core.sealed = core.sealed.filter((overlay) => overlay !== stored)
}

/** Takes a sealed overlay that was not stored back under the newest, unless a later checkpoint will store it. */
export function unseal(core: StateCore, overlay: Overlay): void {
  if (core.sealed[0] !== overlay) return
  overlay.absorb(core.overlay)
  core.overlay = overlay
  core.sealed = []
}

/** Switches to another base: the old pin is released, the new one kept, and pages that it does not list are forgotten. */
export function switchBase(core: StateCore, base: Base, pin: Hold | undefined): void {
  core.pin?.release()
  for (const id of unlisted(core.base, base)) core.options.cache.drop(id)
  core.base = base
  core.pin = pin
  core.dropped = false
}

/** Fails by name once the state is closed. */
export function mustBeOpen(core: StateCore): void {
  if (!core.closed) return
  throw new HeadwaterError('CLOSED', `The state of "${core.options.lineage}" has been closed.`, {
    hint: 'Ask the database that is open now.',
  })
}
