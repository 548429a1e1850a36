/**
 * Taking back what was voided: keys that had folded a voided event are folded again from the events that are left. It is done
 * at the group's position, before the batch that told of it, and changes nothing where the event was never folded: so a base
 * stored at any moment, and the same batch again, give the same rows (V2).
 */
import type { Json, StoredEvent } from '@headwater/log'
import { encodeKey } from '../key.ts'
import { entryOfRun, type HistoryEntry, placesOf, readHistory } from '../table/history.ts'
import { ROWS } from '../table/maps.ts'
import { refold, type Timeline } from '../table/refold.ts'
import { type Run, type RunRow, rowChanges } from '../table/run.ts'
import type { GroupCore } from './core.ts'
import type { FoldOutcome } from './fold-run.ts'
import { installHistory, installRun } from './install.ts'
import type { Pace } from './pace.ts'
import { stageParts } from './stage-parts.ts'

const KEYS_AT_ONCE = 256

/** What is left of a key without the events that were voided. */
interface Lessened {
  readonly timeline: Timeline
  /** Entries that go, and those that come in their stead. */
  readonly gone: readonly HistoryEntry[]
  readonly kept: readonly HistoryEntry[]
}

/** Takes voided events out of the keys that had folded them. */
export async function foldVoids(
  core: GroupCore,
  voids: readonly StoredEvent[],
  pace: Pace,
): Promise<FoldOutcome> {
  const doomed = [...keysOf(core, voids)]
  for (let from = 0; from < doomed.length; from += KEYS_AT_ONCE) {
    const some = doomed.slice(from, from + KEYS_AT_ONCE)
    if (!core.whole) for (const [key] of some) core.tails.close(key, (entry) => put(core, entry))
    const lessened = await pace.away(readLessened(core, some))
    const outcome = core.whole ? await refoldLessened(core, lessened, pace) : defer(core, lessened)
    if (outcome.type !== 'folded') return outcome
    await (pace.rest() ?? undefined)
  }
  return FOLDED
}

const FOLDED: FoldOutcome = { type: 'folded' }

/** The offsets that go, by key. An event whose key cannot be told was never folded. */
function keysOf(core: GroupCore, voids: readonly StoredEvent[]): ReadonlyMap<string, ReadonlySet<number>> {
  const offsets = new Map<string, Set<number>>()
  for (const event of voids) {
    for (const key of event.fault ? [] : keysOrNone(core, event)) {
      const known = offsets.get(key) ?? new Set()
      offsets.set(key, known.add(event.offset))
    }
  }
  return offsets
}

function keysOrNone({ rules }: GroupCore, event: StoredEvent): readonly string[] {
  try {
    const keys = rules.keysOf(event)
    return typeof keys === 'string' ? [keys] : keys
  } catch {
    return [] // the event parked the view, or would have
  }
}

function readLessened(
  core: GroupCore,
  doomed: readonly (readonly [string, ReadonlySet<number>])[],
): readonly Lessened[] | Promise<readonly Lessened[]> {
  return core.state.read((reader) =>
    doomed.flatMap(([key, offsets]) => {
      const coded = encodeKey([key])
      const entries = readHistory(reader, key)
      const parts = entries.map((entry) => {
        const places = placesOf(coded, entry)
        return { entry, places, left: places.filter(({ offset }) => !offsets.has(offset)) }
      })
      const changed = parts.filter(({ places, left }) => left.length < places.length)
      if (changed.length === 0) return []
      const kept = changed.flatMap(({ left }) => (left.length > 0 ? [entryOfRun(coded, left)] : []))
      const steps = parts.flatMap(({ left }) => left.map((place) => ({ ...place, event: undefined })))
      const row = rowOf(key, coded, reader.get(ROWS, key))
      return [{ timeline: { row, steps, entries }, gone: changed.map(({ entry }) => entry), kept }]
    }),
  )
}

/** The row as it is, with nothing folded yet. */
function rowOf(key: string, coded: string, before: Json | undefined): RunRow {
  return { key, coded, before, row: undefined, doubtful: false, newest: undefined, late: true }
}

/** While nothing answers yet the history is set right, and the key folded again with the other late ones. */
function defer(core: GroupCore, lessened: readonly Lessened[]): FoldOutcome {
  for (const { timeline, gone, kept } of lessened) {
    for (const { key } of gone) installHistory(core, key, undefined, core.position)
    for (const entry of kept) put(core, entry)
    core.deferred.add(timeline.row.key)
  }
  return FOLDED
}

async function refoldLessened(
  core: GroupCore,
  lessened: readonly Lessened[],
  pace: Pace,
): Promise<FoldOutcome> {
  if (lessened.length === 0) return FOLDED
  const timelines = lessened.map(({ timeline }) => timeline)
  const failure = await refold(timelines, core.rules, core.log, pace)
  if (failure) return { type: 'parked', error: failure.error, through: core.position }
  const rows = new Map(timelines.map(({ row }) => [row.key, row]))
  const run: Run = { rows, events: [], concerned: [], newest: core.newest, failure: undefined }
  const changes = rowChanges(run)
  const parts = await stageParts(core, run, changes, pace)
  const { failure: unindexed } = run
  if (unindexed) return { type: 'parked', error: unindexed.error, through: core.position }
  const gone = lessened.flatMap((each) => each.gone.map(({ key }) => ({ key, value: undefined })))
  installRun(core, run, changes, parts, [...gone, ...lessened.flatMap(({ kept }) => kept)], core.position)
  return FOLDED
}

function put(core: GroupCore, { key, value }: HistoryEntry): void {
  installHistory(core, key, value, core.position)
}
