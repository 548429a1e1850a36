/**
 * Feeding a group: one batch is folded into its core, and what comes of it decided: it follows, it is whole at last, it is
 * parked, or so much came late that it is rebuilt. A base lost on the way is left; other refusals of storage go up, and
 * the batch may be fed again.
 */
import { type EventBatch, type Offset, unreachable } from '@headwater/log'
import { isBaseLost } from '../state/base-lost.ts'
import type { Slice } from '../view.ts'
import type { GroupCore } from './core.ts'
import { finishFromNothing } from './finish.ts'
import type { FoldOutcome } from './fold-run.ts'
import { leaveLostBase } from './from-nothing.ts'
import { listenParked, parkHopefully } from './hope.ts'
import { createPace, type Pace } from './pace.ts'
import { rebuildUnit } from './rebuild.ts'
import { takeBatch } from './take-batch.ts'
import type { GroupUnit } from './unit.ts'

/** Folds a batch in slices. Must not run beside another act that folds or switches. */
export async function foldBatch(
  unit: GroupUnit,
  batch: EventBatch & { readonly after?: Offset },
  slice: () => Slice,
): Promise<void> {
  const { core, options } = unit
  if (unit.paused) return
  if (unit.error) return listenParked(unit, batch)
  if (!core || unit.stalled || unit.closed) return
  if (batch.after !== undefined && batch.after !== core.position) return
  const turn = core.whole ? () => options.scheduler.nextTurn() : options.backgroundTurn
  const pace = createPace(slice, turn, options.scheduler)
  const before = core.position
  try {
    await follow(unit, core, batch, await takeBatch(core, options.kind, batch, pace), pace)
  } catch (error) {
    if (unit.closed) return
    if (!isBaseLost(error)) throw error
    await leaveLostBase(unit, error)
  } finally {
    unit.rate.note(Math.max(0, core.position - before))
    unit.tailMs += pace.workedMs
    unit.calm.noteFold()
    unit.moved.tell()
  }
}

async function follow(
  unit: GroupUnit,
  core: GroupCore,
  { events }: EventBatch,
  outcome: FoldOutcome,
  pace: Pace,
): Promise<void> {
  switch (outcome.type) {
    case 'folded':
      return reachEnd(unit, core, pace)
    case 'parked':
      return parkHopefully(unit, outcome.error, outcome.through, events)
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

async function reachEnd(unit: GroupUnit, core: GroupCore, pace: Pace): Promise<void> {
  if (core.position >= unit.options.head()) core.refolded = 0
  if (core.whole || core.position < core.wholeAt) return
  const error = await finishFromNothing(core, pace)
  if (error) return parkHopefully(unit, error, core.position)
  core.installed({ position: core.position, rows: [], history: [], parts: [] })
}
