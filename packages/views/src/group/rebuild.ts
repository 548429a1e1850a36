/**
 * Rebuilds that are asked for: of a whole group, on the side from the log, while the old state answers and is folded on;
 * and of one aggregate, from the table's rows. Both go on in slices of the background, and the new takes the place of the
 * old in one step. A rebuild that fails leaves the old as it was.
 */

import { HeadwaterError } from '@headwater/log'
import type { ProgressOptions } from '../progress-options.ts'
import { createCore, type GroupCore, growAnew } from './core.ts'
import { finishFromNothing } from './finish.ts'
import { foldFromNothing } from './from-nothing.ts'
import { startGrowing } from './grow.ts'
import type { Pace } from './pace.ts'
import type { PartSlot } from './part.ts'
import { untilResumed } from './pause.ts'
import { boundOverlay } from './store.ts'
import { takeBatch } from './take-batch.ts'
import { backgroundPace, type GroupUnit, isAnswering, putCore, tellAll } from './unit.ts'

/** Events that are caught up with while nothing else is folded. */
const EVENTS_AT_ONCE = 2_000
/** Before the log is asked again that gave nothing although it goes on. */
export const NOTHING_READ_MS = 250

/** Rebuilds the group; resolves when the new state answers. Two calls at a time are one rebuild. */
export async function rebuildUnit(unit: GroupUnit, options: ProgressOptions): Promise<void> {
  if (!isAnswering(unit) || !unit.core) return startOver(unit, options)
  unit.side ??= startSide(unit, unit.core)
  const { side } = unit
  const stopTelling = unit.moved.add(() => tellProgress(unit, side.core, options))
  try {
    await abortable(side.done, options.signal)
  } finally {
    stopTelling()
  }
}

/** Rebuilds one aggregate, or all where its table stands still; resolves when the new build answers. Rejects with what parks it. */
export async function rebuildAggregate(
  unit: GroupUnit,
  slot: PartSlot,
  options: ProgressOptions,
): Promise<void> {
  const { core } = unit
  if (!core || !isAnswering(unit) || unit.error) return rebuildUnit(unit, options)
  await unit.exclusive(async () => growAnew(core, slot))
  startGrowing(unit)
  await waitUntil(unit, options, () => {
    if (unit.growth) options.onProgress?.(unit.growth)
    const error = slot.error ?? unit.error
    if (error) throw error
    return slot.growing === undefined || unit.core !== core
  })
}

/** Calls `isDone` at once and whenever the group moved, until it is true; it may throw to give up. */
function waitUntil(unit: GroupUnit, { signal }: ProgressOptions, isDone: () => boolean): Promise<void> {
  const waiting = new Promise<void>((resolve, reject) => {
    const stop = unit.moved.add(() => look())
    const look = (): void => {
      try {
        if (!unit.closed && !isDone()) return
        resolve()
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
      stop()
    }
    look()
  })
  return abortable(waiting, signal)
}

/** Where nothing answers yet, a rebuild is a new start; the dispatcher feeds it. */
async function startOver(unit: GroupUnit, options: ProgressOptions): Promise<void> {
  await unit.exclusive(async () => {
    if (unit.core && unit.core.state !== unit.main) unit.core.state.close()
    await foldFromNothing(unit)
  })
  await waitUntil(unit, options, () => {
    if (unit.error) throw unit.error
    if (unit.core) tellProgress(unit, unit.core, options)
    return isAnswering(unit)
  })
}

function startSide(unit: GroupUnit, old: GroupCore): NonNullable<GroupUnit['side']> {
  const { definition, log, historyEvents } = unit.options
  const core = createCore(definition, log, old.state.nextGeneration(), log.head, historyEvents)
  core.mayOverload = false
  const done = foldOnSide(unit, core)
    .catch((error: unknown) => {
      core.state.close()
      throw error
    })
    .finally(() => {
      if (unit.side?.core === core) unit.side = undefined
      unit.moved.tell()
    })
  done.catch(() => undefined) // whoever asked hears of it
  return { core, done }
}

async function foldOnSide(unit: GroupUnit, core: GroupCore): Promise<void> {
  const pace = backgroundPace(unit)
  while (!core.whole || isFarBehind(unit, core)) {
    if (core.whole || core.position < core.wholeAt) await foldSome(unit, core, pace)
    else {
      const error = await finishFromNothing(core, pace)
      if (error) throw error
    }
    await boundOverlay(unit, core)
    unit.moved.tell()
    await untilResumed(unit)
  }
  await unit.exclusive(() => takePlace(unit, core, pace))
}

/** Whether taking the old core's place would mean more folding than may hold up what comes in. */
function isFarBehind({ core: old }: GroupUnit, core: GroupCore): boolean {
  return old !== undefined && old.position - core.position > EVENTS_AT_ONCE
}

async function foldSome(unit: GroupUnit, core: GroupCore, pace: Pace): Promise<void> {
  if (unit.closed) throw closedWhileRebuilding(unit)
  const { log, scheduler } = unit.options
  const batch = await log.read(core.position, { types: core.rules.types })
  const before = core.position
  if (batch.through <= before) return new Promise((resolve) => scheduler.after(NOTHING_READ_MS, resolve))
  const outcome = await takeBatch(core, unit.options.kind, batch, pace)
  unit.rate.note(core.position - before)
  if (outcome.type === 'parked') throw outcome.error
}

/** The new core answers from at least where the old one did. */
async function takePlace(unit: GroupUnit, core: GroupCore, pace: Pace): Promise<void> {
  const old = unit.core
  while (old && core.position < old.position) await foldSome(unit, core, pace)
  unit.error = undefined
  unit.supersedes = true
  core.mayOverload = true
  putCore(unit, core)
  unit.side = undefined // who is told of it finds it live
  if (old && old.state !== unit.main) old.state.close()
  tellAll(unit)
}

function tellProgress(
  { options: { log } }: GroupUnit,
  core: GroupCore,
  { onProgress }: ProgressOptions,
): void {
  onProgress?.({ done: Math.min(core.position, log.head), total: log.head })
}

/** Gives up waiting when the signal fires; the work goes on. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(abortedWait())
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function abortedWait(): HeadwaterError {
  return new HeadwaterError('ABORTED', 'Waiting for the rebuild was aborted.', {
    hint: 'The rebuild itself goes on.',
  })
}

function closedWhileRebuilding({ options }: GroupUnit): HeadwaterError {
  return new HeadwaterError('CLOSED', `"${options.definition.table.name}" was closed while it was rebuilt.`, {
    hint: 'Ask the database that is open now.',
  })
}
