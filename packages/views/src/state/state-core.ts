/**
 * What one open state consists of, as a record that the acts on it (`read.ts`, `checkpoint.ts`, `adopt.ts`) share: a
 * pinned base, the overlay, and, while a checkpoint is being written, the frozen overlay that it writes. Layers are
 * looked through from the top: overlay, frozen overlay, base.
 */
import type { LogId, Scheduler, WallClock } from '@headwater/log'
import { HeadwaterError } from '@headwater/log'
import type { Hold, Locks } from '../locks.ts'
import type { Base, BaseMap } from './base.ts'
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
  overlay: Overlay
  /** What a checkpoint in flight is writing; unchanged until it ends. */
  frozen: Overlay | undefined
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
    overlay: new Overlay(),
    frozen: undefined,
    closed: false,
  }
}

/** The changes of a map, newest layer first, down to one that hides what is below it. */
export function layersOf(core: StateCore, map: string): readonly OverlayMap[] {
  const newest = core.overlay.maps.get(map)
  const older = newest?.hidesBelow ? undefined : core.frozen?.maps.get(map)
  if (newest === undefined) return older === undefined ? [] : [older]
  return older === undefined ? [newest] : [newest, older]
}

/** The base's pages of a map, where no layer hides them. */
export function visibleBase(core: StateCore, map: string): BaseMap | undefined {
  if (core.overlay.maps.get(map)?.hidesBelow || core.frozen?.maps.get(map)?.hidesBelow) return undefined
  return core.base.maps.get(map)
}

/** Switches to another base: the old pin is released, the new one kept. */
export function switchBase(core: StateCore, base: Base, pin: Hold | undefined): void {
  core.pin?.release()
  core.base = base
  core.pin = pin
}

/** Fails by name once the state is closed. */
export function mustBeOpen(core: StateCore): void {
  if (!core.closed) return
  throw new HeadwaterError('CLOSED', `The state of "${core.options.lineage}" has been closed.`, {
    hint: 'Ask the database that is open now.',
  })
}
