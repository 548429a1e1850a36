/**
 * Feeding a group: one batch is folded into its core, and what comes of it decided: it follows, it is whole at last, it is
 * parked, or so much came late that it is rebuilt. A base lost on the way is left; other refusals of storage go up, and
 * the batch may be fed again.
 */
import { type EventBatch, type Offset, type PassedOver, unreachable } from '@headwater/log'
import { isBaseLost } from '../state/base-lost.ts'
import type { Slice } from '../view.ts'
import type { GroupCore, PassedCounts } from './core.ts'
import { finishFromNothing } from './finish.ts'
import { type FoldOutcome, foldEvents } from './fold-run.ts'
import { foldVoids } from './fold-voids.ts'
import { leaveLostBase } from './from-nothing.ts'
import { createPace, type Pace } from './pace.ts'
import { rebuildUnit } from './rebuild.ts'
import { type GroupUnit, parkUnit } from './unit.ts'

/** Folds a batch in slices. Must not run beside another act that folds or switches. */
export async function foldBatch(
  unit: GroupUnit,
  batch: EventBatch & { readonly after?: Offset },
  slice: () => Slice,
): Promise<void> {
  const { core, options } = unit
  if (!core || unit.error || unit.stalled || unit.closed) return
  if (batch.after !== undefined && batch.after > core.position) return
  const turn = core.whole ? () => options.scheduler.nextTurn() : options.backgroundTurn
  const pace = createPace(slice, turn, options.scheduler)
  const before = core.position
  const passed = passedWith(core, batch)
  try {
    const voided = batch.voids.length > 0 ? await foldVoids(core, batch.voids, pace) : undefined
    const isStopped = voided !== undefined && voided.type !== 'folded'
    const outcome = isStopped ? voided : await foldEvents(core, batch.events, batch.through, pace)
    if (outcome.type === 'folded') core.passed = passed
    await follow(unit, core, outcome, pace)
  } catch (error) {
    if (unit.closed) return
    if (!isBaseLost(error)) throw error
    await leaveLostBase(unit, error)
  } finally {
    unit.rate.note(Math.max(0, core.position - before))
    unit.tailMs += pace.workedMs
    unit.moved.tell()
  }
}

/** What is passed over when all of the batch has been taken; what lies at or before the position is counted already. */
function passedWith({ passed, position }: GroupCore, { skipped, quarantined }: EventBatch): PassedCounts {
  const isNew = ({ offset }: PassedOver): boolean => offset > position
  return {
    skipped: passed.skipped + skipped.filter(isNew).length,
    quarantined: passed.quarantined + quarantined.filter(isNew).length,
  }
}

async function follow(unit: GroupUnit, core: GroupCore, outcome: FoldOutcome, pace: Pace): Promise<void> {
  switch (outcome.type) {
    case 'folded':
      return atHead(unit, core, pace)
    case 'parked':
      return parkUnit(unit, outcome.error)
    case 'overloaded':
      unit.stalled = true
      rebuildUnit(unit, {}).catch((error: unknown) => {
        unit.stalled = false
        core.mayOverload = false
        unit.options.failed(error)
        unit.moved.tell()
      })
      return
    default:
      unreachable(outcome)
  }
}

async function atHead(unit: GroupUnit, core: GroupCore, pace: Pace): Promise<void> {
  if (core.position < unit.options.head()) return
  core.refolded = 0
  if (core.whole) return
  const error = await finishFromNothing(core, pace)
  if (error) return parkUnit(unit, error)
  core.installed({ position: core.position, rows: [], history: [], parts: [] })
}
