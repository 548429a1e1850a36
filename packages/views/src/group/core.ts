/**
 * What one fold of a group consists of, as a record that the acts on it share: the state that it writes to, how far it
 * has folded, and its parts. A rebuild on the side is another core over another state; the group that answers switches
 * from one to the other as a whole.
 */
import { type Log, type Offset, ORIGIN } from '@headwater/log'
import type { OpenState } from '../state/open-state.ts'
import { createHistoryTails, type HistoryTails } from '../table/history-tails.ts'
import { createTableRules, type TableRules } from '../table/rules.ts'
import type { Stamp } from '../table/stamp.ts'
import type { RowChange } from '../view.ts'
import type { GroupDefinition } from './definition.ts'
import type { Part, PartSlot, StagedPart } from './part.ts'

/** One fold of a group. */
export interface GroupCore {
  readonly name: string
  readonly rules: TableRules
  readonly log: Log
  readonly state: OpenState
  readonly slots: readonly PartSlot[]
  /** Folded and installed up to here. */
  position: Offset
  /** Positions before, the latest ones: what was installed between two of them was installed in one step. */
  readonly stops: Set<Offset>
  /**
   * The end of the latest batch that took voided events back. They were taken back at the position before it, so that a base
   * that was made on the way there, by a tab that had not heard of it, holds them and must not come under what is folded here.
   */
  lessenedUpTo: Offset
  /** The newest stamp folded: what is newer cannot be late for any key. */
  newest: Stamp | undefined
  /**
   * False while it is folded from nothing: then nothing answers yet, parts are left out until the rows are there, and keys
   * with late events are only noted, to be folded again once, at the end.
   */
  whole: boolean
  /** Where a fold from nothing ends: the head when it began, so that it ends while events keep coming. */
  readonly wholeAt: Offset
  /** Keys that wait to be folded again, while not whole. */
  readonly deferred: Set<string>
  /** What is not written yet of histories, while not whole. */
  readonly tails: HistoryTails
  /** What was passed over so far. */
  passed: PassedCounts
  /** What rows take in memory, on the average. */
  rowBytes: number
  /** Events read again since the head was reached, for late ones. */
  refolded: number
  /** Whether too many late events end in a rebuild; false where this already is one. */
  mayOverload: boolean
  /** Is told of each install, once the state can be read. */
  installed: (install: Install) => void
}

/** Commits that were passed over, by this build's judgement. */
export interface PassedCounts {
  readonly skipped: number
  readonly quarantined: number
}

/** Nothing was passed over. */
export const NONE_PASSED: PassedCounts = { skipped: 0, quarantined: 0 }

/** What one install did. */
export interface Install {
  readonly position: Offset
  readonly rows: readonly RowChange[]
  /** Keys added to the history. */
  readonly history: readonly string[]
  readonly parts: readonly StagedSlot[]
}

/** What an install does to one build of a part. */
export interface StagedSlot {
  readonly slot: PartSlot
  readonly part: Part
  readonly staged: StagedPart
}

/** A core over a state, with nothing folded. */
export function createCore(
  definition: GroupDefinition,
  log: Log,
  state: OpenState,
  wholeAt: Offset,
  historyEvents: number,
): GroupCore {
  return {
    name: definition.table.name,
    rules: createTableRules(definition.table),
    log,
    state,
    slots: definition.parts.map(({ id, aggregate, create }) => ({
      id,
      aggregate,
      create,
      build: 0,
      storedBuild: undefined,
      whole: undefined,
      growing: { part: create(0), upTo: undefined },
      error: undefined,
      parkedAt: undefined,
    })),
    position: ORIGIN,
    stops: new Set(),
    lessenedUpTo: ORIGIN,
    newest: undefined,
    whole: false,
    wholeAt,
    deferred: new Set(),
    tails: createHistoryTails(historyEvents),
    passed: NONE_PASSED,
    rowBytes: 0,
    refolded: 0,
    mayOverload: true,
    installed: () => undefined,
  }
}

/** More stops than this are forgotten, the oldest first: a base made there is then taken over by folding on from it. */
const MOST_STOPS = 4_096

/** Moves to a position: everything up to it is folded and installed. */
export function moveTo(core: GroupCore, position: Offset): void {
  core.stops.add(core.position)
  const [oldest] = core.stops
  if (core.stops.size > MOST_STOPS && oldest !== undefined) core.stops.delete(oldest)
  core.position = position
}

/** Whether a base made at a position holds what was folded here up to there, so that all that came since stays upon it. */
export function hasStoodAt({ position, stops, lessenedUpTo }: GroupCore, checkpoint: Offset): boolean {
  return checkpoint >= lessenedUpTo && (checkpoint === position || stops.has(checkpoint))
}

/** Begins a new build of a part, from the first row on; the whole one, if there is one, goes on answering. */
export function growAnew(core: GroupCore, slot: PartSlot): void {
  dropMaps(core, slot.growing?.part.maps)
  slot.build++
  const part = slot.create(slot.build)
  dropMaps(core, part.maps)
  slot.growing = { part, upTo: undefined }
  slot.error = undefined
  slot.parkedAt = undefined
}

/** Forgets maps that nothing reads any more. */
export function dropMaps(core: GroupCore, maps: readonly string[] | undefined): void {
  for (const map of maps ?? []) core.state.clear(map)
}
