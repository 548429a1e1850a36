/**
 * Parts that grow while the group answers and folds on: a step at a time, in the background, from the table's rows. An
 * aggregate that fails on the way is parked alone; an index that fails parks the table.
 */

import { isBaseLost } from '../state/base-lost.ts'
import { ROWS } from '../table/maps.ts'
import type { GroupCore } from './core.ts'
import { growParts, isGrowing } from './finish.ts'
import { leaveLostBase } from './from-nothing.ts'
import type { Pace } from './pace.ts'
import { backgroundPace, type GroupUnit, parkUnit, tellAll } from './unit.ts'

/** Lets the parts grow that have to; does nothing when they grow already. */
export function startGrowing(unit: GroupUnit): void {
  if (unit.growing || !mustGrow(unit)) return
  unit.growing = true
  void growAll(unit).then((pauseMs) => {
    unit.growing = false
    unit.growth = undefined
    unit.moved.tell()
    // What began to grow in between, or was refused by storage for the moment.
    if (pauseMs === 0) startGrowing(unit)
    else unit.options.scheduler.after(pauseMs, () => startGrowing(unit))
  })
}

const PAUSE_MS = 1_000

function mustGrow({ core, error, closed }: GroupUnit): boolean {
  return core?.whole === true && !error && !closed && isGrowing(core)
}

/** Never rejects; says how long to wait before what is left is tried again. */
async function growAll(unit: GroupUnit): Promise<number> {
  const pace = backgroundPace(unit)
  try {
    const total = await unit.core!.state.read((reader) => reader.count(ROWS, {}))
    unit.growth = { done: 0, total }
    while (mustGrow(unit)) {
      await unit.exclusive(() => growOnce(unit, pace))
      await (pace.rest() ?? undefined)
    }
    return 0
  } catch (error) {
    if (unit.closed) return PAUSE_MS
    if (isBaseLost(error)) await unit.exclusive(() => leaveLostBase(unit, error))
    else unit.options.failed(error)
    return PAUSE_MS
  }
}

async function growOnce(unit: GroupUnit, pace: Pace): Promise<void> {
  const { core, growth } = unit
  if (!core || !mustGrow(unit)) return
  const answering = wholeParts(core)
  const step = await growParts(core, pace)
  if (step.error) return parkUnit(unit, step.error)
  if (growth) growth.done += step.rows
  if (wholeParts(core) !== answering) tellAll(unit)
}

function wholeParts({ slots }: GroupCore): string {
  return slots.map(({ whole }) => whole?.build ?? '').join()
}
