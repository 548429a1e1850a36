/**
 * Installing: what a run staged is written in one synchronous step, rows, history and parts together, and the position
 * moves with it (V4 rests on this: whatever is stored of the state belongs to one position).
 */
import { freezeJson, type Json, type Offset } from '@headwater/log'
import { jsonBytes } from '../json-size.ts'
import { HISTORY, ROWS } from '../table/maps.ts'
import type { Run } from '../table/run.ts'
import type { Stamp } from '../table/stamp.ts'
import type { RowChange } from '../view.ts'
import type { GroupCore, StagedSlot } from './core.ts'
import type { Write } from './part.ts'

/** What a row and a history entry take beside their text. */
const ENTRY_BYTES = 64

/** Installs a run and tells of it. */
export function installRun(
  core: GroupCore,
  run: Run,
  changes: readonly RowChange[],
  parts: readonly StagedSlot[],
  through: Offset,
): void {
  const { state } = core
  for (const { key, after } of changes) {
    state.write(ROWS, key, after, through, ENTRY_BYTES + key.length + jsonBytes(after))
  }
  const history = writeHistory(core, run, through)
  installParts(core, parts, through)
  if (!core.whole) for (const { key, late } of run.rows.values()) if (late) core.deferred.add(key)
  core.newest = run.newest && stampOf(run.newest)
  core.position = through
  core.installed({ position: through, rows: changes, history, parts })
}

/** Writes what was staged for parts. */
export function installParts(core: GroupCore, parts: readonly StagedSlot[], through: Offset): void {
  const write: Write = (map, key, value, bytes) => core.state.write(map, key, value, through, bytes)
  for (const { staged } of parts) staged.install(write)
}

/** Writes rows that were folded again while nothing answers yet. */
export function installRow(core: GroupCore, key: string, row: Json | undefined): void {
  core.state.write(ROWS, key, freezeJson(row), core.position, ENTRY_BYTES + key.length + jsonBytes(row))
}

function writeHistory(core: GroupCore, run: Run, through: Offset): readonly string[] {
  const keys: string[] = []
  for (let step = 0; step < run.events.length; step++) {
    const key = run.concerned[step]!.coded + run.stamps[step]!
    core.state.write(HISTORY, key, run.events[step]!.offset, through, ENTRY_BYTES + key.length)
    keys.push(key)
  }
  return keys
}

/** Without the event's data, which would be kept in memory by it. */
function stampOf({ timestamp, replica, sequence }: Stamp): Stamp {
  return { timestamp, replica, sequence }
}
