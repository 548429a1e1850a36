/**
 * Folding keys again from all their events, because one came late: the events are gathered over all keys, read from the
 * log in ascending offsets, and folded per key in the order of stamps. What is held in memory at a time is bounded; the
 * state is only read. The result is what folding the events in the order of stamps would have given at once (V3).
 */
import {
  HeadwaterError,
  isHeadwaterError,
  type Json,
  type Log,
  type Offset,
  type StoredEvent,
} from '@headwater/log'
import type { Pace } from '../group/pace.ts'
import type { ReadableState } from '../group/part.ts'
import { type HistoryEntry, type HistoryPlace, placesOf, readHistory } from './history.ts'
import type { TableRules } from './rules.ts'
import { codedKey, mustBeNamed, type Run, type RunRow } from './run.ts'
import { compareStamps } from './stamp.ts'

/** What is folded again: one key with all its events in the order of stamps. */
export interface Timeline {
  readonly row: RunRow
  readonly steps: readonly TimelineStep[]
  /** Its history as it is stored. */
  readonly entries: readonly HistoryEntry[]
}

/** An event of a key: in hand where the run has it, else to be read. */
export interface TimelineStep extends HistoryPlace {
  readonly event: StoredEvent | undefined
}

/** A key that could not be folded again. */
export interface RefoldFailure {
  readonly row: RunRow
  readonly error: HeadwaterError
}

/** Events read at a time: about 30 MiB of small ones. */
const EVENTS_AT_ONCE = 32_768
const STEPS_BETWEEN_RESTS = 8

/** The events of the run's late rows: those in the history and those of the run itself. */
export function lateTimelines(
  state: ReadableState,
  run: Run,
): readonly Timeline[] | Promise<readonly Timeline[]> {
  const own = new Map<RunRow, TimelineStep[]>()
  for (const [step, row] of run.concerned.entries()) {
    if (!row.late) continue
    const event = run.events[step]!
    const { timestamp, replica, sequence, offset } = event
    const steps = own.get(row) ?? []
    steps.push({ timestamp, replica, sequence, offset, event })
    own.set(row, steps)
  }
  return timelinesOf(state, own)
}

/** The timelines of rows, with steps that are not in the history yet. */
export function timelinesOf(
  state: ReadableState,
  own: ReadonlyMap<RunRow, readonly TimelineStep[]>,
): readonly Timeline[] | Promise<readonly Timeline[]> {
  return state.read((reader) =>
    [...own].map(([row, added]) => {
      const entries = readHistory(reader, row.key)
      const places = entries.flatMap((entry) => placesOf(codedKey(row), entry))
      const steps = [...places.map((place) => ({ ...place, event: undefined })), ...added]
      return { row, entries, steps: steps.sort(compareStamps) }
    }),
  )
}

/** Events that have to be read for these. */
export function eventsToRead(timelines: readonly Timeline[]): number {
  return timelines.reduce(
    (sum, { steps }) => sum + steps.filter(({ event }) => event === undefined).length,
    0,
  )
}

/** Folds each key again and leaves the result in its row. Rejects with what the log rejects with, but for damage. */
export async function refold(
  timelines: readonly Timeline[],
  rules: TableRules,
  log: Log,
  pace: Pace,
): Promise<RefoldFailure | undefined> {
  const pairs = timelines.flatMap(({ row, steps }) => steps.map((step, i) => ({ row, step, first: i === 0 })))
  for (let from = 0; from < pairs.length; from += EVENTS_AT_ONCE) {
    const some = pairs.slice(from, from + EVENTS_AT_ONCE)
    const failure = await refoldPairs(some, rules, log, pace)
    if (failure) return failure
  }
  return undefined
}

async function refoldPairs(
  pairs: readonly Pair[],
  rules: TableRules,
  log: Log,
  pace: Pace,
): Promise<RefoldFailure | undefined> {
  const offsets = pairs.flatMap(({ step }) => (step.event ? [] : [step.offset]))
  const events = await pace.away(readEvents(log, offsets))
  if (events instanceof HeadwaterError) return { row: pairs[0]!.row, error: events }
  for (const [i, pair] of pairs.entries()) {
    const failure = refoldStep(pair, events, rules)
    if (failure) return failure
    if (i % STEPS_BETWEEN_RESTS === 0) await (pace.rest() ?? undefined)
  }
  return undefined
}

interface Pair {
  readonly row: RunRow
  readonly step: TimelineStep
  readonly first: boolean
}

function refoldStep(
  { row, step, first }: Pair,
  events: ReadonlyMap<Offset, StoredEvent>,
  rules: TableRules,
): RefoldFailure | undefined {
  const before: Json | undefined = first ? undefined : row.row
  const event = step.event ?? events.get(step.offset)
  try {
    if (event === undefined) throw eventMissing(step.offset)
    if (event.fault) throw event.fault
    row.row = rules.step(before, event, row.key)
    return undefined
  } catch (error) {
    return { row, error: mustBeNamed(error) }
  }
}

/** The events by offset; damage is an answer, since it parks the view. */
async function readEvents(
  log: Log,
  offsets: readonly Offset[],
): Promise<ReadonlyMap<Offset, StoredEvent> | HeadwaterError> {
  if (offsets.length === 0) return new Map()
  const ascending = [...new Set(offsets)].sort((a, b) => a - b)
  try {
    const events = await log.readAt(ascending)
    return new Map(events.map((event) => [event.offset, event]))
  } catch (error) {
    if (isHeadwaterError(error, 'RECORD_DAMAGED')) return error
    throw error
  }
}

function eventMissing(offset: Offset): HeadwaterError {
  return new HeadwaterError(
    'RECORD_DAMAGED',
    `The event at offset ${offset} cannot be read, and a row is made from it.`,
    {
      hint: 'The rest of the log stays readable; restore the event from another replica or an export.',
      facts: { offset },
    },
  )
}
