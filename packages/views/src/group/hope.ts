/**
 * What takes a parked group up again by itself. A fold fails on the events of one key, folded in the order of their stamps;
 * where an older event of that key is still to come, or one is still to be voided, it never failed on a replica that knew of
 * it before. So a group that a fold has parked goes on listening, and is folded anew when something came that may change the
 * outcome: whether it is parked is, like its answers, a matter of the events and not of the order in which they came (V3).
 */
import {
  type EventBatch,
  type HeadwaterError,
  isHeadwaterError,
  type Offset,
  type StoredEvent,
} from '@headwater/log'
import { isNewer } from '../table/stamp.ts'
import type { GroupCore } from './core.ts'
import { rebuildUnit } from './rebuild.ts'
import { type GroupUnit, isAnswering, parkUnit } from './unit.ts'

/** A group that was folded anew in vain rests for so many times as long as that took. */
const REST_FACTOR = 10
/** What storage refused is tried again after this time at the earliest. */
const RETRY_MS = 1_000

/** Parks a group at a failure that was met among these events, and lets it listen where listening may help. */
export function parkHopefully(
  unit: GroupUnit,
  error: HeadwaterError,
  heard: Offset,
  events: EventBatch['events'] = [],
): void {
  const { key, offset } = error.facts
  const before = events.find((event) => event.offset === offset)
  unit.hope = isFoldFailure(error) && typeof key === 'string' ? { key, before, heard } : undefined
  parkUnit(unit, error)
}

/** Looks through what comes behind a parked group. */
export function listenParked(
  unit: GroupUnit,
  { after, events, voids, through }: EventBatch & { readonly after?: Offset },
): void {
  const { hope, core } = unit
  if (!hope || !core || unit.closed || (after !== undefined && after !== hope.heard)) return
  hope.heard = through
  const isOlder = (event: StoredEvent): boolean => !hope.before || isNewer(hope.before, event)
  const isHope = (event: StoredEvent): boolean => isOfKey(core, event, hope.key)
  if (!voids.some(isHope) && !events.some((event) => isOlder(event) && isHope(event))) return
  if (isAnswering(unit)) foldAnewSoon(unit)
  else takeUp(unit)
}

function isFoldFailure(error: unknown): error is HeadwaterError {
  return isHeadwaterError(error, 'FOLD_FAILED') || isHeadwaterError(error, 'FOLD_NOT_JSON')
}

function isOfKey({ rules }: GroupCore, event: StoredEvent, key: string): boolean {
  if (event.fault || !rules.types.has(event.type)) return false
  try {
    const keys = rules.keysOf(event)
    return typeof keys === 'string' ? keys === key : keys.includes(key)
  } catch {
    return false // folding it will say so
  }
}

/** Nothing answers yet: it goes on where it stands, and is parked again at its end if it must be. */
function takeUp(unit: GroupUnit): void {
  unit.error = undefined
  unit.hope = undefined
  unit.moved.tell()
}

/** On the side, while the old state answers; never more than a tenth of the time. */
function foldAnewSoon(unit: GroupUnit): void {
  if (unit.foldsAnew) return
  unit.foldsAnew = true
  const { scheduler } = unit.options
  scheduler.after(Math.max(0, unit.restsUntilMs - scheduler.elapsedMs()), () => void foldAnew(unit))
}

/** Never rejects. */
async function foldAnew(unit: GroupUnit): Promise<void> {
  const { scheduler, log } = unit.options
  const failed = (error: unknown): void => {
    if (!unit.closed) unit.options.failed(error)
  }
  const beganMs = scheduler.elapsedMs()
  const heard = log.head
  let mustRetry = false
  try {
    if (unit.error && !unit.closed) await rebuildUnit(unit, {})
  } catch (error) {
    if (isFoldFailure(error)) parkHopefully(unit, error, heard)
    else {
      mustRetry = true
      failed(error)
    }
  }
  const endedMs = scheduler.elapsedMs()
  unit.restsUntilMs = endedMs + Math.max(mustRetry ? RETRY_MS : 0, REST_FACTOR * (endedMs - beganMs))
  unit.foldsAnew = false
  if (mustRetry && !unit.closed) foldAnewSoon(unit)
  unit.moved.tell()
}
