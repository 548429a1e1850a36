/**
 * A run: some events of one batch with the rows that they concern, from planning to a staged result. Folding is done
 * here, in memory, against rows that were read before; nothing is written. Events that come late for their key, by the
 * order of stamps, are only noted: their keys are folded again from all their events (`refold.ts`).
 */
import { assert, type HeadwaterError, isHeadwaterError, type Json, type StoredEvent } from '@headwater/log'
import { encodeKey } from '../key.ts'
import type { RowChange } from '../view.ts'
import type { TableRules } from './rules.ts'
import { isNewer, type Stamp } from './stamp.ts'

/** A row in a run. */
export interface RunRow {
  readonly key: string
  /** What `codedKey` gives, once somebody asked for it. */
  coded: string | undefined
  /** As installed. */
  before: Json | undefined
  /** As of the last event folded. */
  row: Json | undefined
  /** Whether an event of the run might be late for it, so that its newest stamp has to be known. */
  doubtful: boolean
  /** The newest event folded; nothing when there is none, or when nothing can be late. */
  newest: Stamp | undefined
  /** Has to be folded again from all its events. */
  late: boolean
}

/** The row's key as a tuple's key: the beginning of its keys in the history map, the end of those in the indexes. */
export function codedKey(row: RunRow): string {
  row.coded ??= encodeKey([row.key])
  return row.coded
}

/** A run. */
export interface Run {
  readonly rows: Map<string, RunRow>
  /** Step by step: the event, and the row that it concerns. */
  readonly events: StoredEvent[]
  readonly concerned: RunRow[]
  /** The newest stamp of all that has been folded, this run included. */
  newest: Stamp | undefined
  /** Why the run ends early, and the event that it cannot take. */
  failure: RunFailure | undefined
}

/** An event that cannot be taken. */
export interface RunFailure {
  /** Undefined where events were taken back and none was folded. */
  readonly event: StoredEvent | undefined
  readonly error: HeadwaterError
}

/** Where a run that begins at `from` ends: after about `count` events, never inside a commit. */
export function runEnd(events: readonly StoredEvent[], from: number, count: number): number {
  let end = Math.min(from + count, events.length)
  while (end < events.length && isSameCommit(events[end - 1]!, events[end]!)) end++
  return end
}

/** Index of the first event of the commit that the event at `index` belongs to. */
export function commitStart(events: readonly StoredEvent[], index: number): number {
  let start = index
  while (start > 0 && isSameCommit(events[start - 1]!, events[start]!)) start--
  return start
}

/** A commit has one timestamp, and no other commit of its replica has it (L4). */
function isSameCommit(a: StoredEvent, b: StoredEvent): boolean {
  return a.timestamp === b.timestamp && a.replica === b.replica
}

/** Which rows the events from `from` to `to` concern. Ends early at an event that cannot be taken. */
export function planRun(
  rules: TableRules,
  newest: Stamp | undefined,
  events: readonly StoredEvent[],
  from: number,
  to: number,
): Run {
  const run: Run = { rows: new Map(), events: [], concerned: [], newest, failure: undefined }
  for (let index = from; index < to; index++) {
    const event = events[index]!
    if (!rules.types.has(event.type)) continue
    try {
      if (event.fault) throw event.fault
      planEvent(run, event, rules.keysOf(event))
    } catch (error) {
      run.failure = { event, error: mustBeNamed(error) }
      break
    }
  }
  return run
}

function planEvent(run: Run, event: StoredEvent, keys: string | readonly string[]): void {
  const newer = isNewer(event, run.newest)
  if (newer) run.newest = event
  if (typeof keys === 'string') planStep(run, event, keys, newer)
  else for (const key of keys) planStep(run, event, key, newer)
}

function planStep(run: Run, event: StoredEvent, key: string, newer: boolean): void {
  const row = run.rows.get(key) ?? addRow(run, key)
  if (!newer) row.doubtful = true
  run.events.push(event)
  run.concerned.push(row)
}

function addRow(run: Run, key: string): RunRow {
  const row: RunRow = {
    key,
    coded: undefined,
    before: undefined,
    row: undefined,
    doubtful: false,
    newest: undefined,
    late: false,
  }
  run.rows.set(key, row)
  return row
}

/**
 * Folds the steps from `from` to `to`. False, with `failure` set, where the author's function fails; but a row that is going
 * to be folded again in any case, or may be (`defers`), is left to that: there its events come in the order of stamps.
 */
export function foldSteps(run: Run, rules: TableRules, from: number, to: number, defers: boolean): boolean {
  for (let step = from; step < to; step++) {
    const event = run.events[step]!
    const concerned = run.concerned[step]!
    if (!isNewer(event, concerned.newest)) concerned.late = true
    else concerned.newest = event
    if (concerned.late) continue
    try {
      concerned.row = rules.step(concerned.row, event, concerned.key)
    } catch (error) {
      const named = mustBeNamed(error)
      if (defers || isLateLater(run, step)) concerned.late = true
      else {
        run.failure = { event, error: named }
        return false
      }
    }
  }
  return true
}

/** Whether a later event of the run is late for the row of this step. */
function isLateLater({ events, concerned }: Run, step: number): boolean {
  return concerned.some(
    (row, at) => at > step && row === concerned[step] && !isNewer(events[at]!, events[step]),
  )
}

/** What the run does to the rows. */
export function rowChanges(run: Run): readonly RowChange[] {
  const changes: RowChange[] = []
  for (const { key, before, row } of run.rows.values()) {
    if (row !== before) changes.push({ key, before, after: row })
  }
  return changes
}

/** The first event of the run that concerns a row. */
export function firstEventOf(run: Run, row: RunRow): StoredEvent {
  const event = run.events[run.concerned.indexOf(row)]
  assert(event !== undefined, 'a row is in a run because of an event')
  return event
}

/** Bugs go on up; what is named parks the view. */
export function mustBeNamed(error: unknown): HeadwaterError {
  if (isHeadwaterError(error)) return error
  throw error
}
