/**
 * Folding a batch into a group: run by run, each computed in memory from what was read, then installed at once, so that
 * what is read in between is always one position. Runs end between commits, and so does what is left when an event cannot
 * be taken: then the group is to be parked there. Nothing here throws for what an author's function does.
 */
import {
  assert,
  type EventBatch,
  type HeadwaterError,
  type Offset,
  type PassedOver,
  type StoredEvent,
} from '@headwater/log'
import { type HistoryEntry, insertPlaces, newestPlace } from '../table/history.ts'
import { ROWS } from '../table/maps.ts'
import { eventsToRead, lateTimelines, refold } from '../table/refold.ts'
import {
  codedKey,
  commitStart,
  firstEventOf,
  foldSteps,
  planRun,
  type Run,
  type RunFailure,
  rowChanges,
  runEnd,
} from '../table/run.ts'
import type { RowChange } from '../view.ts'
import type { GroupCore, PassedCounts } from './core.ts'
import { installHistory, installRun } from './install.ts'
import type { Pace } from './pace.ts'
import { stageParts } from './stage-parts.ts'

/** How folding a batch ended; in every case the position says how far. */
export type FoldOutcome =
  | { readonly type: 'folded' }
  | {
      readonly type: 'parked'
      readonly error: HeadwaterError
      /** The end of the run that failed: what comes later was not looked at. */
      readonly through: Offset
    }
  /** So many events came late that folding everything again is cheaper. */
  | { readonly type: 'overloaded' }

/** A run's part of a batch, by indexes; `through` is the offset that it takes the group to. */
interface Extent {
  readonly from: number
  readonly to: number
  readonly through: Offset
}

const STEPS_BETWEEN_RESTS = 8
const RUN_EVENTS = 512
/**
 * Where nothing answers in between, longer runs write a row less often; and once events came late, the rest of the batch is
 * one run, so that a key with many late ones in it is folded again once.
 */
const LONG_RUN_EVENTS = 4_096
const TAILS_AT_ONCE = 512
const NOTHING_LATE: readonly HistoryEntry[] = []
const NO_CHANGES: readonly RowChange[] = []
/** Below this many events folded again, a rebuild is not worth its while. */
const LEAST_OVERLOAD = 2_000
const FOLDED: FoldOutcome = { type: 'folded' }

/** Folds a batch's events after the position. Rejects with what storage rejects with. */
export async function foldEvents(core: GroupCore, batch: EventBatch, pace: Pace): Promise<FoldOutcome> {
  const { events, through } = batch
  let from = events.findIndex(({ offset }) => offset > core.position)
  if (from < 0) from = events.length
  const refoldedBefore = core.refolded
  while (from < events.length) {
    const isLong = !core.whole || core.refolded > refoldedBefore
    const to = runEnd(events, from, isLong ? LONG_RUN_EVENTS : RUN_EVENTS)
    const last = to === events.length ? through : events[to - 1]!.offset
    const { position, passed } = core
    core.passed = withPassed(passed, batch, position, last) // ahead of the position, which is told of at once
    const outcome = await foldRun(core, events, { from, to, through: last }, pace)
    if (outcome.type !== 'folded') {
      core.passed = withPassed(passed, batch, position, core.position)
      return outcome
    }
    from = to
    await boundTails(core, pace)
  }
  if (through > core.position) {
    core.passed = withPassed(core.passed, batch, core.position, through)
    core.position = through
    core.installed({ position: through, rows: [], history: [], parts: [] })
  }
  return FOLDED
}

/** The counts with what a batch passes over behind `after`, up to `through`. */
export function withPassed(
  passed: PassedCounts,
  { skipped, quarantined }: Pick<EventBatch, 'skipped' | 'quarantined'>,
  after: Offset,
  through: Offset,
): PassedCounts {
  const isBetween = ({ offset }: PassedOver): boolean => offset > after && offset <= through
  return {
    skipped: passed.skipped + skipped.filter(isBetween).length,
    quarantined: passed.quarantined + quarantined.filter(isBetween).length,
  }
}

async function foldRun(
  core: GroupCore,
  events: readonly StoredEvent[],
  { from, to, through }: Extent,
  pace: Pace,
): Promise<FoldOutcome> {
  const run = planRun(core.rules, core.newest, events, from, to)
  if (!run.failure) {
    await pace.away(gather(core, run))
    await (pace.rest() ?? undefined)
    await foldRows(core, run, pace)
  }
  const late = run.failure || !core.whole ? NOTHING_LATE : await refoldLate(core, run, pace)
  if (late === 'overloaded') return { type: 'overloaded' }
  const changes = core.whole ? rowChanges(run) : NO_CHANGES
  const parts = run.failure ? [] : await stageParts(core, run, changes, pace)
  if (run.failure) return stopBefore(core, events, { from, to, through }, run.failure, pace)
  await (pace.rest() ?? undefined)
  installRun(core, run, changes, parts, late, through)
  return FOLDED
}

/** Installs what comes before the commit that cannot be taken. */
async function stopBefore(
  core: GroupCore,
  events: readonly StoredEvent[],
  { from, through }: Extent,
  failure: RunFailure,
  pace: Pace,
): Promise<FoldOutcome> {
  assert(failure.event !== undefined, 'a run that folds events stops at one of them')
  const index = Math.max(from, commitStart(events, events.indexOf(failure.event, from)))
  const before = (events[index]!.offset - 1) as Offset
  if (index > from) {
    const outcome = await foldRun(core, events, { from, to: index, through: before }, pace)
    if (outcome.type !== 'folded') return outcome
  } else if (before > core.position) core.position = before
  return { type: 'parked', error: failure.error, through }
}

/** Reads the rows, and where an event may be late the newest event of its key. */
function gather(core: GroupCore, run: Run): Promise<void> | undefined {
  const rows = [...run.rows.values()]
  const found = core.state.read((reader) => ({
    rows: rows.map(({ key }) => reader.get(ROWS, key)),
    newest: rows.map((row) =>
      row.doubtful ? (core.tails.newest(row.key) ?? newestPlace(reader, codedKey(row), row.key)) : undefined,
    ),
  }))
  const take = (each: Awaited<typeof found>): void => {
    for (let i = 0; i < rows.length; i++) {
      const target = rows[i]!
      target.before = each.rows[i]
      target.row = each.rows[i]
      target.newest = each.newest[i]
      target.late = core.deferred.has(target.key)
    }
  }
  if (found instanceof Promise) return found.then(take)
  take(found)
  return undefined
}

async function foldRows(core: GroupCore, run: Run, pace: Pace): Promise<void> {
  for (let step = 0; step < run.events.length; step += STEPS_BETWEEN_RESTS) {
    const to = Math.min(step + STEPS_BETWEEN_RESTS, run.events.length)
    if (!foldSteps(run, core.rules, step, to, !core.whole)) return
    const rest = pace.rest()
    if (rest) await rest
  }
}

/** Folds late keys again from all their events, and says what their histories gain. */
async function refoldLate(
  core: GroupCore,
  run: Run,
  pace: Pace,
): Promise<readonly HistoryEntry[] | 'overloaded'> {
  if (!run.concerned.some(({ late }) => late)) return NOTHING_LATE
  const timelines = await pace.away(lateTimelines(core.state, run))
  core.refolded += eventsToRead(timelines)
  const bound = Math.max(LEAST_OVERLOAD, core.log.head / 2)
  if (core.mayOverload && core.refolded > bound) return 'overloaded'
  const failure = await refold(timelines, core.rules, core.log, pace)
  if (failure) run.failure = { event: firstEventOf(run, failure.row), error: failure.error }
  return timelines.flatMap(({ row, entries, steps }) =>
    insertPlaces(
      codedKey(row),
      entries,
      steps.filter(({ event }) => event !== undefined),
    ),
  )
}

/** Writes what histories have grown by in memory, in slices: all of it, or when it is past its bound. */
export async function flushTails(core: GroupCore, pace: Pace): Promise<void> {
  const write = ({ key, value }: HistoryEntry): void => installHistory(core, key, value, core.position)
  while (core.tails.flush(TAILS_AT_ONCE, write)) await (pace.rest() ?? undefined)
}

async function boundTails(core: GroupCore, pace: Pace): Promise<void> {
  if (core.tails.isFull) await flushTails(core, pace)
  await (pace.rest() ?? undefined)
}
