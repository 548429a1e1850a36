/**
 * One group in the past: the same group as the live one, folded by the same code over a log that ends at the moment, from the
 * nearest state: one that is kept, the stored base where it is old enough, else from nothing. On its way to a moment far off
 * it keeps states at growing distances before it, so that the moments around it are near.
 */
import { isHeadwaterError, type Offset, ORIGIN } from '@headwater/log'
import type { GroupOptions } from '../group/unit.ts'
import { createViewGroup, type ViewGroup } from '../group/view-group.ts'
import { isInLog } from '../in-log.ts'
import { createMemoryLocks, type Hold } from '../locks.ts'
import type { StoredManifest } from '../state/base-store.ts'
import { usableContent } from '../state/manifest.ts'
import { pinCurrent } from '../state/pin.ts'
import type { ProgressOptions } from '../views.ts'
import { foldUpTo } from './fold-up-to.ts'
import { createRoot, type KeptStates, type Start } from './kept-states.ts'
import { logUpTo } from './log-up-to.ts'
import type { PastHandle, PastStore } from './past-store.ts'

/** What the groups of the past share in a tab. */
export interface PastGround {
  readonly store: PastStore
  readonly kept: KeptStates
  readonly cache: GroupOptions['cache']
  /** Events before the moment at which the first state is kept. */
  readonly keptBefore: number
}

/** One group in the past. */
export interface PastGroup {
  readonly group: ViewGroup
  readonly options: GroupOptions
  /** Folds it up to the moment. Rejects with `ABORTED` and what storage rejects with; a fold that fails parks it. */
  fold(progress: ProgressOptions): Promise<void>
  close(): Promise<void>
}

/** How much further back each state is kept than the one before it. */
const KEPT_FACTOR = 4

/** Opens a group that is to be folded up to an offset, the end of a commit. Rejects with what storage rejects with. */
export async function openPastGroup(
  live: GroupOptions,
  offset: Offset,
  ground: PastGround,
): Promise<PastGroup> {
  const begun = await begin(live, offset, ground)
  const letGo = async (): Promise<void> => {
    await begun.handle.close()
    begun.share?.release()
    ground.kept.sweep()
  }
  try {
    return await openBegun(live, offset, ground, { ...begun, letGo })
  } catch (error) {
    await letGo()
    throw error
  }
}

/** Where a group begins from. */
interface Begun {
  /** Nothing: from the origin. */
  readonly start: Start | undefined
  /** Its share of the live store's pin. */
  readonly share: Hold | undefined
  readonly handle: PastHandle
}

async function openBegun(
  live: GroupOptions,
  offset: Offset,
  { kept, cache, keptBefore }: PastGround,
  { start, handle, letGo }: Begun & { readonly letGo: () => Promise<void> },
): Promise<PastGroup> {
  const stops = await findStops(live, start?.checkpoint ?? ORIGIN, offset, keptBefore)
  let end = stops.shift() ?? offset
  const options: GroupOptions = {
    ...live,
    log: logUpTo(live.log, () => end),
    head: () => end,
    headKnown: async () => undefined,
    store: handle,
    locks: createMemoryLocks(),
    cache,
    scheduler: { ...live.scheduler, nextTurn: live.backgroundTurn },
  }
  const group = createViewGroup(options)
  await group.restore()
  return {
    group,
    options,
    async fold(progress) {
      await foldStanding(group, options, progress)
      while (end < offset) {
        const manifest = await storeState(group, options, handle)
        if (manifest) kept.keep({ checkpoint: end, manifest, root: start?.root })
        end = stops.shift() ?? offset
        await foldStanding(group, options, progress)
      }
    },
    async close() {
      await group.close()
      await letGo()
    },
  }
}

/** Takes the furthest state that is not beyond the offset, of those kept and the live base. */
async function begin(live: GroupOptions, offset: Offset, { kept, store }: PastGround): Promise<Begun> {
  const { lineage } = live.definition
  const pinned = await pinCurrent(live, lineage)
  const near = kept.nearest(lineage, offset)
  const base = pinned && usableContent(pinned.manifest.text, live.log.id)
  if (pinned && base && base.checkpoint <= offset && base.checkpoint > (near?.checkpoint ?? -1)) {
    const { root, first } = createRoot(pinned.hold)
    const start = { ...pinned, checkpoint: base.checkpoint, root }
    return { start, share: first, handle: store.open(pinned.manifest) }
  }
  pinned?.hold.release()
  return { start: near, share: near?.root?.share(), handle: store.open(near?.manifest) }
}

/** Where states are to be kept on the way, ascending; each the end of a commit. */
async function findStops(
  { log }: GroupOptions,
  from: Offset,
  to: Offset,
  keptBefore: number,
): Promise<Offset[]> {
  const stops: Offset[] = []
  for (let before = keptBefore; to - before > from; before *= KEPT_FACTOR) {
    const stop = await log.lastCommit((to - before) as Offset)
    if (stop && stop.offset > from && stop.offset < (stops[0] ?? to)) stops.unshift(stop.offset)
  }
  return stops
}

/** What does not stand any more is taken out first, and at the end what fell meanwhile. */
async function foldStanding(
  group: ViewGroup,
  options: GroupOptions,
  progress: ProgressOptions,
): Promise<void> {
  const { log, slice } = options
  for (let version = -1; version !== log.voidsVersion; ) {
    version = log.voidsVersion
    const after = group.feedAfter
    const voids = await log.readVoided(after, { types: group.types })
    const nothing = { events: [], skipped: [], quarantined: [], unknown: new Map(), through: after, after }
    if (voids.length > 0) await group.fold({ ...nothing, voids }, slice)
    try {
      await foldUpTo(group, options, progress)
    } catch (error) {
      if (isInLog(error)) group.park(error)
      else if (!isHeadwaterError(error, 'VIEW_PARKED')) throw error
    }
  }
}

/** Stores the state as it stands; nothing where it stands still, or was not stored. */
async function storeState(
  group: ViewGroup,
  { definition }: GroupOptions,
  handle: PastHandle,
): Promise<StoredManifest | undefined> {
  if (group.error) return undefined
  await group.checkpointNow(true)
  return group.checkpoint === group.position ? handle.newest(definition.lineage) : undefined
}
