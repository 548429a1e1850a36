/**
 * How a group fares, as `status` shows it: one entry for the table and one for each aggregate. Pure but for the rate.
 */
import { errorToData, type HeadwaterError, type Offset, ORIGIN } from '@headwater/log'
import type { ViewState, ViewStatus } from '../view.ts'
import { NONE_PASSED } from './core.ts'
import type { PartSlot } from './part.ts'
import { type GroupUnit, isAnswering } from './unit.ts'

/** One entry for each definition. */
export function unitStatus(unit: GroupUnit, head: Offset): readonly ViewStatus[] {
  const { table, aggregates } = unit.options.definition
  return [
    tableStatus(unit, table.name, head),
    ...aggregates.map(({ name }) => {
      const slot = unit.core?.slots.find(({ aggregate }) => aggregate === name)
      return aggregateStatus(unit, name, slot, head)
    }),
  ]
}

function tableStatus(unit: GroupUnit, name: string, head: Offset): ViewStatus {
  const state = unit.error ? 'parked' : workingState(unit, (slot) => slot.aggregate === undefined)
  const position = unit.core?.position ?? ORIGIN
  const kind = unit.options.kind?.kind ?? 'table'
  return entry(unit, { name, kind, state, position, head, error: unit.error })
}

function aggregateStatus(
  unit: GroupUnit,
  name: string,
  slot: PartSlot | undefined,
  head: Offset,
): ViewStatus {
  const state = slot?.error ? 'parked' : unit.error ? 'stale' : workingState(unit, (other) => other === slot)
  const position = slot?.parkedAt ?? unit.core?.position ?? ORIGIN
  return entry(unit, { name, kind: 'aggregate', state, position, head, error: slot?.error ?? unit.error })
}

function workingState(unit: GroupUnit, concerns: (slot: PartSlot) => boolean): ViewState {
  if (unit.core === undefined) return 'restoring'
  if (unit.paused) return 'paused'
  if (!isAnswering(unit) || unit.side) return 'rebuilding'
  return unit.core.slots.some((slot) => slot.growing && concerns(slot)) ? 'rebuilding' : 'live'
}

interface Entry {
  readonly name: string
  readonly kind: ViewStatus['kind']
  readonly state: ViewState
  readonly position: Offset
  readonly head: Offset
  readonly error: HeadwaterError | undefined
}

function entry(unit: GroupUnit, { name, kind, state, position, head, error }: Entry): ViewStatus {
  const lag = Math.max(0, head - position)
  const working = state === 'rebuilding' || (state === 'live' && lag > 0)
  return {
    name,
    kind,
    state,
    position,
    checkpoint: unit.core?.state.checkpoint ?? ORIGIN,
    ...(unit.main?.snapshot ? { snapshot: unit.main.snapshot } : {}),
    lag,
    ratePerSecond: unit.rate.perSecond(),
    ...(working ? { progress: progressOf(unit, position, head) } : {}),
    ...(error ? { error: errorToData(error) } : {}),
    ...(unit.unstored ? { checkpointError: errorToData(unit.unstored) } : {}),
    ...(unit.core?.passed ?? NONE_PASSED),
    memoryBytes: kind !== 'aggregate' ? overlayBytes(unit) : 0,
  }
}

function progressOf(unit: GroupUnit, position: Offset, head: Offset): NonNullable<ViewStatus['progress']> {
  const { growth, side } = unit
  const done = growth?.done ?? side?.core.position ?? position
  const total = Math.max(done, growth?.total ?? head)
  const rate = unit.rate.perSecond()
  return { done, total, ...(rate > 0 ? { remainingMs: Math.round(((total - done) * 1_000) / rate) } : {}) }
}

/** About how many bytes the group keeps in memory beside the page cache. */
export function overlayBytes({ core, side }: GroupUnit): number {
  return (core?.state.overlayBytes ?? 0) + (side?.core.state.overlayBytes ?? 0)
}
