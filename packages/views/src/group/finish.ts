/**
 * What is left to do beside folding the log: growing parts from the table's rows, in steps between which the group may
 * fold on, and bringing a fold from nothing to its end, when its rows have reached the head. Both are cut into slices.
 */
import type { HeadwaterError, Json } from '@headwater/log'
import { packPlaces } from '../table/history.ts'
import { ROWS } from '../table/maps.ts'
import type { TableEntry } from '../table/reader.ts'
import { refold, type Timeline, type TimelineStep, timelinesOf } from '../table/refold.ts'
import { codedKey, mustBeNamed, type RunRow } from '../table/run.ts'
import type { RowChange } from '../view.ts'
import { dropMaps, type GroupCore, type StagedSlot } from './core.ts'
import { flushTails } from './fold-run.ts'
import { installHistory, installParts, installRow } from './install.ts'
import type { Pace } from './pace.ts'
import type { PartSlot } from './part.ts'
import { parkSlot, stagePart } from './stage-parts.ts'

const ROWS_AT_ONCE = 512
const KEYS_AT_ONCE = 1_024

/** Whether a part grows. */
export function isGrowing(core: GroupCore): boolean {
  return core.slots.some(({ growing }) => growing !== undefined)
}

/**
 * One step: the next rows go into the parts that have come to the same row. Must not run beside a fold. An index that
 * fails is returned: it is the table's failure.
 */
export async function growParts(core: GroupCore, pace: Pace): Promise<GrowthStep> {
  const [first] = core.slots.flatMap(({ growing }) => growing ?? [])
  if (first === undefined) return { rows: 0, error: undefined }
  const { upTo } = first
  const slots = core.slots.filter(({ growing }) => growing !== undefined && growing.upTo === upTo)
  const rows = await readNewRows(core, upTo)
  const staged: StagedSlot[] = []
  for (const slot of slots) {
    try {
      if (rows.length > 0) staged.push(await stagePart(core, slot, slot.growing!.part, rows, pace))
    } catch (error) {
      if (slot.aggregate === undefined) return { rows: 0, error: mustBeNamed(error) }
      parkSlot(core, slot, error)
    }
  }
  installParts(core, staged, core.position)
  for (const slot of slots) moveOn(core, slot, rows)
  return { rows: rows.length, error: undefined }
}

/** What a step of growing did; an index that fails is an error of the table. */
export interface GrowthStep {
  readonly rows: number
  readonly error: HeadwaterError | undefined
}

/** The next rows, as changes that bring them in. */
function readNewRows(
  core: GroupCore,
  after: string | undefined,
): readonly RowChange[] | Promise<readonly RowChange[]> {
  return core.state.read((reader) => {
    const rows: RowChange[] = []
    reader.range(ROWS, after === undefined ? {} : { gt: after }, (key, row) => {
      rows.push({ key, before: undefined, after: row })
      return rows.length < ROWS_AT_ONCE
    })
    return rows
  })
}

/** Rows after a key, in key order. */
export function readRows(
  core: GroupCore,
  after: string | undefined,
  limit: number,
): readonly TableEntry[] | Promise<readonly TableEntry[]> {
  return core.state.read((reader) => {
    const rows: TableEntry[] = []
    reader.range(ROWS, after === undefined ? {} : { gt: after }, (key, row) => {
      rows.push({ key, row })
      return rows.length < limit
    })
    return rows
  })
}

/** Ends a fold from nothing: late keys are folded again, then the parts grow. An error parks the group. */
export async function finishFromNothing(core: GroupCore, pace: Pace): Promise<HeadwaterError | undefined> {
  await flushTails(core, pace)
  const error = (await refoldDeferred(core, pace)) ?? (await growAll(core, pace))
  if (!error) core.whole = true
  return error
}

async function growAll(core: GroupCore, pace: Pace): Promise<HeadwaterError | undefined> {
  while (isGrowing(core)) {
    const { error } = await growParts(core, pace)
    if (error) return error
    await (pace.rest() ?? undefined)
  }
  return undefined
}

async function refoldDeferred(core: GroupCore, pace: Pace): Promise<HeadwaterError | undefined> {
  const keys = [...core.deferred].sort()
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
    const own = new Map<RunRow, readonly TimelineStep[]>()
    for (const key of keys.slice(from, from + KEYS_AT_ONCE)) own.set(lateRow(key), [])
    const timelines = await timelinesOf(core.state, own)
    const failure = await refold(timelines, core.rules, core.log, pace)
    if (failure) return failure.error
    for (const timeline of timelines) installTimeline(core, timeline)
    await (pace.rest() ?? undefined)
  }
  core.deferred.clear()
  return undefined
}

/** The row, and its history packed anew. */
function installTimeline(core: GroupCore, { row, steps, entries }: Timeline): void {
  installRow(core, row.key, row.row)
  for (const { key } of entries) installHistory(core, key, undefined, core.position)
  for (const { key, value } of packPlaces(codedKey(row), steps))
    installHistory(core, key, value, core.position)
}

function lateRow(key: string): RunRow {
  const row: Json | undefined = undefined
  return { key, coded: undefined, before: row, row, doubtful: false, newest: undefined, late: true }
}

function moveOn(core: GroupCore, slot: PartSlot, rows: readonly RowChange[]): void {
  const { growing } = slot
  if (!growing) return
  growing.upTo = rows.at(-1)?.key ?? growing.upTo
  if (rows.length === ROWS_AT_ONCE) return
  dropMaps(core, slot.whole?.maps)
  slot.whole = growing.part
  slot.growing = undefined
}
