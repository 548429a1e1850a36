/**
 * Parts that grow while the group answers and folds on: a step at a time, in the background, from the table's rows. An
 * aggregate that fails on the way is parked alone; an index that fails parks the table.
 */
import { ROWS } from '../table/maps.ts'
import type { GroupCore } from './core.ts'
import { growParts, isGrowing } from './finish.ts'
import type { Pace } from './pace.ts'
import { backgroundPace, type GroupUnit, parkUnit, tellAll } from './unit.ts'

/** Lets the parts grow that have to; does nothing when they grow already. */
export function startGrowing(unit: GroupUnit): void {
  if (unit.growing || !mustGrow(unit)) return
  unit.growing = true
  void growAll(unit).finally(() => {
    unit.growing = false
    unit.growth = undefined
    unit.moved.tell()
    startGrowing(unit) // what began to grow in between
  })
}

function mustGrow({ core, error, closed }: GroupUnit): boolean {
  return core?.whole === true && !error && !closed && isGrowing(core)
}

/** Never rejects: what storage says ends it, and the next opening begins again. */
async function growAll(unit: GroupUnit): Promise<void> {
  const pace = backgroundPace(unit)
  try {
    const total = await unit.core!.state.read((reader) => reader.count(ROWS, {}))
    unit.growth = { done: 0, total }
    while (mustGrow(unit)) {
      await unit.exclusive(() => growOnce(unit, pace))
      await (pace.rest() ?? undefined)
    }
  } catch (error) {
    unit.options.failed(error)
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
