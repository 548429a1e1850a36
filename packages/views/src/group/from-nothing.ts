/**
 * Folding from nothing: where there is no base, where a rebuild has no old state to answer from, and where a base was lost
 * under a group. It is done on the side of the lineage's state, so that no other tab takes over what is not whole yet.
 */
import { assert, ORIGIN } from '@headwater/log'
import { isBaseLost } from '../state/base-lost.ts'
import { createCore } from './core.ts'
import { finishFromNothing } from './finish.ts'
import { backgroundPace, type GroupUnit, isAnswering, putCore } from './unit.ts'

/** Starts over, as a fold from nothing on the side of the lineage's state. With an empty log that is all. */
export async function foldFromNothing(unit: GroupUnit): Promise<void> {
  assert(unit.main !== undefined, 'a group folds after it was opened')
  const { definition, log, head, historyEvents } = unit.options
  const core = createCore(definition, log, unit.main.nextGeneration(), head(), historyEvents)
  unit.error = undefined
  putCore(unit, core)
  if (core.wholeAt === ORIGIN) await finishFromNothing(core, backgroundPace(unit))
  unit.moved.tell()
}

/** Leaves a base that is gone or damaged, and folds from nothing. Other errors go on up. */
export async function leaveLostBase(unit: GroupUnit, error: unknown): Promise<void> {
  if (!isBaseLost(error)) throw error
  const { core, main } = unit
  if (core && isAnswering(unit)) unit.floor = core.position
  if (core && core.state !== main) core.state.close()
  await foldFromNothing(unit)
}
