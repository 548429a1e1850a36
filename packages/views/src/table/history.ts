/**
 * The history: which events made a row, in the order of stamps, kept apart from the rows so that it outlives them. An
 * entry stands for one event, or for a run of events of one replica, written when the table is folded from nothing; the
 * runs of a key never overlap, so its last entry has its newest event. An event that comes late between those of a run
 * splits it, so that the entries are a function of the events and of nothing else, whichever tab folds them.
 *
 * ```
 * key   = the row's key as a tuple's key, then the spelled stamp of the first event
 * value = offset | [offset, (timestamp step, sequence step, offset step) …]     steps from the event before, at most 64
 * ```
 */
import type { Json, Offset, Sequence, Timestamp } from '@headwater/log'
import { prefixRange } from '../key.ts'
import type { StateReader } from '../state/paged-state.ts'
import { compareStamps, isNewer, parseStamp, type Stamp, spellStamp } from './stamp.ts'

/** The map's name. */
export const HISTORY = 'history'
/** Events in one entry, at most. */
export const MOST_IN_RUN = 64

/** One event of a row. */
export interface HistoryPlace extends Stamp {
  readonly offset: Offset
}

/** An entry as it is stored. */
export interface HistoryEntry {
  readonly key: string
  readonly value: Json
}

/** Where the history of a row lies; both ends inclusive. */
export function historyRange(rowKey: string): { readonly gte: string; readonly lte: string } {
  const { from, to } = prefixRange([rowKey])
  return { gte: from, lte: to }
}

/** The newest event of a row; `coded` is its key as a tuple's key. */
export function newestPlace(reader: StateReader, coded: string, rowKey: string): HistoryPlace | undefined {
  let newest: HistoryPlace | undefined
  reader.range(HISTORY, { ...historyRange(rowKey), reverse: true }, (key, value) => {
    newest = placesOf(coded, { key, value }).at(-1)
    return false
  })
  return newest
}

/** The entries of a row, oldest first. */
export function readHistory(reader: StateReader, rowKey: string): readonly HistoryEntry[] {
  const entries: HistoryEntry[] = []
  reader.range(HISTORY, historyRange(rowKey), (key, value) => {
    entries.push({ key, value })
  })
  return entries
}

/** The events of an entry, oldest first. */
export function placesOf(coded: string, { key, value }: HistoryEntry): readonly HistoryPlace[] {
  const first = parseStamp(key.slice(coded.length))
  const [offset, ...steps] = (Array.isArray(value) ? value : [value]) as readonly number[]
  let place: HistoryPlace = { ...first, offset: offset as Offset }
  const places = [place]
  for (let i = 0; i + 2 < steps.length; i += 3) {
    place = {
      timestamp: (place.timestamp + steps[i]!) as Timestamp,
      replica: place.replica,
      sequence: (place.sequence + steps[i + 1]!) as Sequence,
      offset: (place.offset + steps[i + 2]!) as Offset,
    }
    places.push(place)
  }
  return places
}

/** The entry of one event. */
export function entryOf(coded: string, place: HistoryPlace): HistoryEntry {
  return { key: coded + spellStamp(place), value: place.offset }
}

/** Events of one replica, ascending, as one entry. */
export function entryOfRun(coded: string, places: readonly HistoryPlace[]): HistoryEntry {
  const [first, ...rest] = places
  if (rest.length === 0) return entryOf(coded, first!)
  let before = first!
  const value: number[] = [before.offset]
  for (const place of rest) {
    value.push(
      place.timestamp - before.timestamp,
      place.sequence - before.sequence,
      place.offset - before.offset,
    )
    before = place
  }
  return { key: coded + spellStamp(first!), value }
}

/** What to write for events that come to a history, late or not: entries of their own, and the parts of split runs. */
export function insertPlaces(
  coded: string,
  entries: readonly HistoryEntry[],
  added: readonly HistoryPlace[],
): readonly HistoryEntry[] {
  const runs = entries.map((entry) => ({ places: placesOf(coded, entry), isNew: false }))
  for (const place of [...added].sort(compareStamps)) {
    const at = runs.findLastIndex(({ places }) => isNewer(place, places[0]))
    const run = runs[at]
    const own = { places: [place], isNew: true }
    const behind = run?.places.filter((other) => isNewer(other, place)) ?? []
    if (run === undefined || behind.length === 0) runs.splice(at + 1, 0, own)
    else {
      const ahead = run.places.slice(0, run.places.length - behind.length)
      runs.splice(at, 1, { places: ahead, isNew: true }, own, { places: behind, isNew: true })
    }
  }
  return runs.flatMap(({ places, isNew }) => (isNew ? [entryOfRun(coded, places)] : []))
}

/** All events of a row, packed into as few entries as they may be. */
export function packPlaces(coded: string, places: readonly HistoryPlace[]): readonly HistoryEntry[] {
  const entries: HistoryEntry[] = []
  for (let from = 0; from < places.length; ) {
    let to = from + 1
    while (to < places.length && to - from < MOST_IN_RUN && places[to]!.replica === places[from]!.replica)
      to++
    entries.push(entryOfRun(coded, places.slice(from, to)))
    from = to
  }
  return entries
}
