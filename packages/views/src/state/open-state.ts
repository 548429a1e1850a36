/**
 * Opens the state of a view group: from the lineage's current manifest; where there is none, from the maps that another
 * lineage of the family shares with it; else empty. A base of another log, or one that cannot be read, is never used.
 */
import type { Json, Offset } from '@headwater/log'
import { assert, latePart } from '@headwater/log'
import type { StoredSnapshot } from '../view.ts'
import { adoptNewest } from './adopt.ts'
import { emptyBase, isDropped, storedBase } from './base.ts'
import { checkpointOwn } from './checkpoint.ts'
import { usableContent } from './manifest.ts'
import { Overlay } from './overlay.ts'
import type { CheckpointOutcome, PagedState } from './paged-state.ts'
import { pinCurrent } from './pin.ts'
import { publishState } from './publish.ts'
import { readState } from './read.ts'
import { seedFromFamily } from './seed.ts'
import { isSideLineage, sideLineage } from './side-lineage.ts'
import { createCore, type StateCore, type StateOptions, seal, switchBase } from './state-core.ts'

const dropping = latePart('dropping a base', () => import('./drop.ts'))

/** An open state, which can also be built anew on the side. */
export interface OpenState extends PagedState {
  /** True once the state has a base, of its own lineage or taken over from another. */
  readonly hasBase: boolean
  /** The lineage's stored base, as far as this state knows. */
  readonly snapshot: StoredSnapshot | undefined
  /** Drops the lineage's stored base, for whoever opens it from now on. Errors: `STORAGE_BLOCKED`, those of the store. */
  drop(): Promise<void>
  /** Lets go of base and changes: for a state that something else has taken the place of. */
  forget(): void
  /**
   * An empty state of the next generation, for a rebuild on the side. Its checkpoints, which bound its memory, stay in
   * a side lineage; this state is not touched.
   */
  nextGeneration(): OpenState
  /**
   * For a state made by `nextGeneration`: stores it as of now as the lineage's current base, whatever is current there.
   * From then on it is the lineage's state; the one that it was made from is to be closed.
   */
  publish(position: Offset, meta: Json): Promise<CheckpointOutcome>
}

/** Reads the newest usable base. Rejects only with what the store rejects with. */
export async function openPagedState(options: StateOptions): Promise<OpenState> {
  assert(!isSideLineage(options.lineage), 'a lineage does not end as side lineages do')
  const core = createCore(options, options.lineage, emptyBase(options.logId, 1))
  const pinned = await pinCurrent(options, options.lineage)
  core.replaces = pinned?.manifest.id
  const content = pinned && usableContent(pinned.manifest.text, options.logId)
  if (pinned && content) switchBase(core, storedBase(content, pinned.manifest), pinned.hold)
  else {
    pinned?.hold.release()
    await seedFromFamily(core)
  }
  return openOver(core)
}

function openOver(core: StateCore): OpenState {
  const inTurn = createTurns()
  return {
    get checkpoint() {
      return core.base.checkpoint
    },
    get generation() {
      return core.base.generation
    },
    get meta() {
      return core.base.meta
    },
    get baseMaps() {
      return new Set(core.base.maps.keys())
    },
    get overlayBytes() {
      return core.sealed.reduce((sum, { bytes }) => sum + bytes, core.overlay.bytes)
    },
    get hasBase() {
      return core.base.manifest !== undefined && !isDropped(core.base)
    },
    get snapshot() {
      return core.dropped || isDropped(core.base) ? undefined : core.base.stored
    },
    read: (attempt, signal) => readState(core, attempt, signal),
    write: (map, key, value, offset, bytes) => core.overlay.write(map, key, { value, offset, bytes }),
    clear: (map) => core.overlay.clear(map),
    checkpointAt(position, meta) {
      const snapshot = { changes: seal(core), position, meta }
      return inTurn(() => checkpointOwn(core, snapshot))
    },
    adopt: (position, installed, hasStoodAt) =>
      inTurn(() => adoptNewest(core, { position, hasStoodAt }, installed)),
    drop: () => inTurn(async () => (await dropping()).dropStored(core)),
    forget: () => forgetBase(core),
    nextGeneration: () => openOver(nextCore(core)),
    publish(position, meta) {
      const snapshot = { changes: seal(core), position, meta }
      return inTurn(() => publishState(core, snapshot))
    },
    close: () => closeCore(core),
  }
}

/** An empty state whose checkpoints stay on the side. */
function nextCore({ options, base }: StateCore): StateCore {
  const generation = base.generation + 1
  return createCore(options, sideLineage(options.lineage, generation), emptyBase(options.logId, generation))
}

function forgetBase(core: StateCore): void {
  core.overlay = new Overlay()
  core.sealed = []
  switchBase(core, emptyBase(core.options.logId, core.base.generation), undefined)
}

function closeCore(core: StateCore): void {
  core.closed = true
  core.pin?.release()
  core.pin = undefined
}

/** Runs what needs the state to itself one after the other. */
function createTurns(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const next = last.then(run)
    last = next.catch(() => undefined)
    return next
  }
}
