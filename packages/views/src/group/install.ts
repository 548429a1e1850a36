/**
 * Installing: what a run staged is written in one synchronous step, rows, history and parts together, and the position
 * moves with it (V4 rests on this: whatever is stored of the state belongs to one position).
 */
import { freezeJson, type Json, type Offset } from '@headwater/log'
import { jsonBytes } from '../json-size.ts'
import { entryOf, HISTORY, type HistoryEntry } from '../table/history.ts'
import { ROWS } from '../table/maps.ts'
import { codedKey, type Run } from '../table/run.ts'
import type { Stamp } from '../table/stamp.ts'
import type { RowChange } from '../view.ts'
import type { GroupCore, StagedSlot } from './core.ts'
import type { Write } from './part.ts'

/** What a row and a history entry take beside their text. */
const ENTRY_BYTES = 64
/** Every so many rows are measured; the others are taken for as large as those were on the average. */
const MEASURED_ROWS = 8

/** An entry of the history to be written, or (without a value) to be deleted. */
export interface HistoryWrite {
  readonly key: string
  readonly value: Json | undefined
}

/** Installs a run and tells of it; `late` is what late keys' histories gain. */
export function installRun(
  core: GroupCore,
  run: Run,
  changes: readonly RowChange[],
  parts: readonly StagedSlot[],
  late: readonly HistoryWrite[],
  through: Offset,
): void {
  let rows = 0
  for (const { key, before, row } of run.rows.values()) {
    if (row === before) continue
    if (rows++ % MEASURED_ROWS === 0) measureRow(core, row)
    core.state.write(ROWS, key, row, through, ENTRY_BYTES + key.length + core.rowBytes)
  }
  const history = core.whole ? writeHistory(core, run, late, through) : growHistory(core, run, through)
  installParts(core, parts, through)
  core.newest = run.newest && stampOf(run.newest)
  core.position = through
  core.installed({ position: through, rows: changes, history, parts })
}

/** Writes what was staged for parts. */
export function installParts(core: GroupCore, parts: readonly StagedSlot[], through: Offset): void {
  const write: Write = (map, key, value, bytes) => core.state.write(map, key, value, through, bytes)
  for (const { staged } of parts) staged.install(write)
}

/** Writes a row that was folded again while nothing answers yet. */
export function installRow(core: GroupCore, key: string, row: Json | undefined): void {
  core.state.write(ROWS, key, freezeJson(row), core.position, ENTRY_BYTES + key.length + jsonBytes(row))
}

/** Writes, or (`value` left out) deletes, an entry of the history. */
export function installHistory(core: GroupCore, key: string, value: Json | undefined, through: Offset): void {
  const bytes = ENTRY_BYTES + key.length + (Array.isArray(value) ? 8 * value.length : 0)
  core.state.write(HISTORY, key, value, through, bytes)
}

function measureRow(core: GroupCore, row: Json | undefined): void {
  const bytes = jsonBytes(row)
  core.rowBytes += core.rowBytes === 0 ? bytes : Math.round((bytes - core.rowBytes) / 16)
}

/** An entry an event, but for the keys whose events came late. */
function writeHistory(
  core: GroupCore,
  run: Run,
  late: readonly HistoryWrite[],
  through: Offset,
): readonly string[] {
  const keys: string[] = []
  const put = ({ key, value }: HistoryWrite): void => {
    installHistory(core, key, value, through)
    keys.push(key)
  }
  for (let step = 0; step < run.events.length; step++) {
    const row = run.concerned[step]!
    if (!row.late) put(entryOf(codedKey(row), run.events[step]!))
  }
  for (const entry of late) put(entry)
  return keys
}

/** While nothing answers yet: runs of events grow in memory; late keys are noted, and put in order at the end. */
function growHistory(core: GroupCore, run: Run, through: Offset): readonly string[] {
  const write = ({ key, value }: HistoryEntry): void => installHistory(core, key, value, through)
  for (let step = 0; step < run.events.length; step++) {
    const row = run.concerned[step]!
    const { key, late } = row
    const event = run.events[step]!
    if (late && !core.deferred.has(key)) {
      core.tails.close(key, write)
      core.deferred.add(key)
    }
    if (late) write(entryOf(codedKey(row), event))
    else core.tails.append(key, event)
  }
  return []
}

/** Without the event's data, which would be kept in memory by it. */
function stampOf({ timestamp, replica, sequence }: Stamp): Stamp {
  return { timestamp, replica, sequence }
}
