/**
 * Opening a group's state, and going on from a base: which parts of it are whole, which have to grow from the rows, which
 * maps nobody reads any more. A base of another log, from beyond the log's head, or with meta that cannot be read is never
 * used; the group then folds from nothing, on the side, so that no other tab takes over what is not whole yet.
 */
import { assert, type Json } from '@headwater/log'
import { type OpenState, openPagedState } from '../state/open-state.ts'
import { HISTORY } from '../table/history.ts'
import { ROWS } from '../table/maps.ts'
import { createCore, dropMaps, type GroupCore, growAnew } from './core.ts'
import { foldFromNothing } from './from-nothing.ts'
import { startGrowing } from './grow.ts'
import { type GroupMeta, parseMeta } from './meta.ts'
import { overlayBytes } from './status.ts'
import { type GroupUnit, isAnswering, putCore, tellAll } from './unit.ts'

/** Reads the newest usable base. Rejects only with what the store rejects with. */
export async function openUnit(unit: GroupUnit): Promise<void> {
  const { definition, log, store, locks, lockScope, cache, clock, scheduler } = unit.options
  const { family, lineage, reuse } = definition
  const logId = log.id
  const opening = openPagedState({
    store,
    locks,
    lockScope,
    family,
    lineage,
    logId,
    cache,
    clock,
    scheduler,
    untilCalm: () => untilCalm(unit),
    reuse,
  })
  ;[unit.main] = await Promise.all([opening, unit.options.headKnown()])
  const core = coreOver(unit, unit.main)
  if (core && core.position <= unit.options.head()) {
    putCore(unit, core)
    startGrowing(unit)
  } else await foldFromNothing(unit)
}

/** Checkpoints give way to folds, but not where the overlay is past its bound: then they are what bounds the memory. */
function untilCalm(unit: GroupUnit): Promise<void> | undefined {
  return overlayBytes(unit) > unit.options.overlayBytes ? undefined : unit.calm.reached()
}

/**
 * Goes on from the base that the lineage's state has now; nothing is answered from before the present position. What the
 * group answers from has changed when it returns its promise.
 */
export async function jumpToBase(unit: GroupUnit): Promise<void> {
  const { core: old, main } = unit
  assert(main !== undefined, 'a group jumps after it was opened')
  if (isAnswering(unit) && old) unit.floor = old.position
  if (old && old.state !== main) old.state.close()
  const core = coreOver(unit, main)
  if (core === undefined) return foldFromNothing(unit)
  unit.options.log.hint(core.position)
  unit.supersedes = false
  putCore(unit, core)
  if (isAnswering(unit)) tellAll(unit)
  else unit.moved.tell()
  startGrowing(unit)
}

/** After another base was swapped in: parts that it does not hold as they are here have to grow anew. */
export function reconcileParts(unit: GroupUnit, core: GroupCore, stored: Json): void {
  const builds = parseMeta(stored)?.builds
  for (const slot of core.slots) {
    const isInBase = slot.whole !== undefined && slot.storedBuild === slot.whole.build
    if (!isInBase || builds?.get(slot.id) === slot.storedBuild) continue
    slot.whole = undefined
    slot.storedBuild = undefined
    growAnew(core, slot)
  }
  startGrowing(unit)
}

function coreOver({ options }: GroupUnit, state: OpenState): GroupCore | undefined {
  const meta = state.hasBase ? parseMeta(state.meta) : undefined
  if (meta === undefined) return undefined
  const core = createCore(options.definition, options.log, state, state.checkpoint, options.historyEvents)
  core.position = state.checkpoint
  core.newest = meta.newest
  core.passed = meta.passed
  core.whole = true
  takeParts(core, meta, options.kind?.maps ?? TABLE_MAPS)
  return core
}

const TABLE_MAPS: readonly string[] = [ROWS, HISTORY]

function takeParts(core: GroupCore, { builds }: GroupMeta, own: readonly string[]): void {
  const { baseMaps } = core.state
  for (const slot of core.slots) {
    const build = builds.get(slot.id)
    slot.build = Math.max(build ?? 0, newestBuild(baseMaps, slot.id))
    if (build === undefined) growAnew(core, slot)
    else {
      slot.whole = slot.create(build)
      slot.storedBuild = build
      slot.growing = undefined
    }
  }
  const read = new Set([...own, ...core.slots.flatMap(({ whole }) => whole?.maps ?? [])])
  dropMaps(
    core,
    [...baseMaps].filter((map) => !read.has(map)),
  )
}

/** Every build's maps begin with the part's id and `#` and the build. */
function newestBuild(maps: ReadonlySet<string>, id: string): number {
  let newest = 0
  for (const map of maps) {
    if (map.startsWith(`${id}#`))
      newest = Math.max(newest, Number.parseInt(map.slice(id.length + 1), 10) || 0)
  }
  return newest
}
