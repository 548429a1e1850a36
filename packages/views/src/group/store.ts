/**
 * Storing a group's base, and taking over the one that another tab stored. State and checkpoint are taken in the same
 * moment (V4): the position is read where no fold can come in between. What was folded from nothing is published once it
 * is whole, unless another tab was faster.
 */
import { isHeadwaterError, type Offset, ORIGIN } from '@headwater/log'
import { isBaseLost } from '../state/base-lost.ts'
import type { CheckpointOutcome } from '../state/paged-state.ts'
import { type GroupCore, hasStoodAt } from './core.ts'
import { leaveLostBase } from './from-nothing.ts'
import { metaOf } from './meta.ts'
import { jumpToBase, reconcileParts } from './open.ts'
import type { GroupUnit } from './unit.ts'

/** Stores the group's base. Rejects with what the store rejects with. */
export function checkpointUnit(unit: GroupUnit): Promise<void> {
  return unit.storing(async () => {
    const { core } = unit
    if (core === undefined || unit.closed || (unit.dropping && core.state === unit.main)) return
    try {
      if (!core.whole) await boundOverlay(unit, core)
      else if (core.state === unit.main) await storeUnit(unit, core)
      else await publishUnit(unit, core)
      unit.unstored = undefined
    } catch (error) {
      if (unit.closed) return
      if (isHeadwaterError(error)) unit.unstored = error
      await unit.exclusive(() => leaveLostBase(unit, error))
    }
  })
}

/** Looks for a newer base of another tab, and takes it. */
export async function adoptUnit(unit: GroupUnit): Promise<void> {
  await unit.storing(() => unit.exclusive(() => adoptNow(unit)))
}

/** Writes what a fold from nothing, or a rebuild, has so far to the side, when its overlay is past the bound. */
export async function boundOverlay({ options }: GroupUnit, core: GroupCore): Promise<void> {
  if (core.state.overlayBytes > options.overlayBytes)
    await core.state.checkpointAt(core.position, metaOf(core))
}

async function storeUnit(unit: GroupUnit, core: GroupCore): Promise<void> {
  const started = await unit.exclusive(async () => startCheckpoint(unit, core))
  const outcome = await started.outcome
  if (outcome === 'stored') noteStored(unit, core, started)
  if (outcome === 'superseded' && unit.core === core) await unit.exclusive(() => adoptNow(unit))
}

/** What a checkpoint holds, and how it goes. */
interface StartedCheckpoint {
  readonly outcome: Promise<CheckpointOutcome>
  /** By part, the build that is in it. */
  readonly builds: readonly (number | undefined)[]
  readonly tailMs: number
}

/** `checkpointAt` seals the overlay within the call, with the position that is read beside it: then folds may go on. */
async function startCheckpoint(unit: GroupUnit, core: GroupCore): Promise<StartedCheckpoint> {
  const builds = core.slots.map(({ whole }) => whole?.build)
  const outcome = core.state.checkpointAt(core.position, metaOf(core))
  const started = { outcome, builds, tailMs: unit.tailMs }
  outcome.catch(() => undefined) // whoever awaits it hears of it
  return started
}

function noteStored(
  unit: GroupUnit,
  core: GroupCore,
  { builds, tailMs }: Omit<StartedCheckpoint, 'outcome'>,
): void {
  for (const [i, build] of builds.entries()) {
    const slot = core.slots[i]
    if (slot && build !== undefined && slot.whole?.build === build) slot.storedBuild = build
  }
  unit.tailMs = Math.max(0, unit.tailMs - tailMs)
  unit.stored.tell()
}

/** The bulk is written while folding goes on; publishing itself then is little, and nothing is folded meanwhile. */
async function publishUnit(unit: GroupUnit, core: GroupCore): Promise<void> {
  if (unit.paused) return // no other tab is to be sent back to where this one stands
  const isJump = await unit.exclusive(() => adoptNow(unit))
  if (isJump || unit.core !== core) return
  await core.state.checkpointAt(core.position, metaOf(core))
  await unit.exclusive(async () => {
    if (unit.core !== core || unit.closed) return
    const builds = core.slots.map(({ whole }) => whole?.build)
    const outcome = await core.state.publish(core.position, metaOf(core))
    if (outcome !== 'stored') return
    unit.main?.close()
    unit.main = core.state
    unit.supersedes = false
    noteStored(unit, core, { builds, tailMs: unit.tailMs })
  })
}

/**
 * True when the group went on from another base. Position and parts follow in the very step in which the base is switched:
 * whoever asks right after it, in a promise that was waiting, must not read the new base under the old position.
 */
async function adoptNow(unit: GroupUnit): Promise<boolean> {
  const { core, main } = unit
  if (!core || !main || unit.error || unit.side || unit.supersedes || unit.closed) return false
  if (unit.paused || unit.dropping) return false
  const position = core.state === main ? core.position : ORIGIN
  let jump: Promise<void> | undefined
  try {
    const stoodAt = (checkpoint: Offset): boolean => core.state === main && hasStoodAt(core, checkpoint)
    const installed = (how: 'swapped' | 'jumped'): void => {
      if (how === 'jumped') jump = jumpToBase(unit)
      else reconcileParts(unit, core, main.meta)
    }
    const adoption = await main.adopt(position, installed, stoodAt)
    await jump
    return adoption === 'jumped'
  } catch (error) {
    if (core.state === main) await leaveLostBase(unit, error)
    else if (!isBaseLost(error)) throw error
    return false
  }
}
