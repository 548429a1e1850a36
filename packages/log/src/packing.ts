/**
 * What to pack, as a pure function over records in offset order: a run of small ones becomes one segment of about 500 events
 * or 256 KiB. Commits are carried over as they are, ids and all (L7), and a segment holds the whole version vector wherever
 * it is known. A marker joins no segment, since it takes an offset that no commit fills. The newest record of a log is never
 * handed in here: it must stay.
 */
import type { OpenRecord } from './decode.ts'
import { SEALED_BYTES, SEALED_EVENTS } from './grouping.ts'
import type { Offset } from './identity.ts'
import { encodeRecord, MAX_RECORD_EVENTS, partsOf } from './record.ts'
import { createVersionVector, type VersionVector } from './version-vector.ts'

/** An unfinished run is packed too once it has this many records, so that opening reads few. */
export const WORTH_RECORDS = 64

/** A segment and the records that it replaces. */
export interface Segment {
  readonly bytes: Uint8Array
  readonly firstOffset: Offset
  readonly lastOffset: Offset
  readonly replaces: readonly OpenRecord[]
}

/** What a look at some records came to. */
export interface PackingPlan {
  /** To be stored; undefined when these records hold nothing worth packing. */
  readonly segment: Segment | undefined
  /** Up to here nothing is left to pack; looking goes on behind it. */
  readonly packedThrough: Offset
}

/**
 * Plans the first segment worth packing among `records`, which follow each other; `after` is where they begin. `isClosed`
 * says that nothing will ever join the last of them.
 */
export function planPacking(records: readonly OpenRecord[], after: Offset, isClosed: boolean): PackingPlan {
  let packedThrough = after
  for (let from = 0; from < records.length; ) {
    const { run, isFull } = takeRun(records, from)
    const isSealed = isFull || isClosed
    if (isWorth(run, isSealed)) return { segment: segmentOf(run), packedThrough }
    if (!isSealed) break
    packedThrough = endOf(run)
    from += run.length
  }
  return { segment: undefined, packedThrough }
}

/** The records that fit into one segment with `records[from]`, and whether no more would. */
function takeRun(
  records: readonly OpenRecord[],
  from: number,
): { run: readonly OpenRecord[]; isFull: boolean } {
  let events = 0
  let bytes = 0
  let through = 0
  for (let to = from; to < records.length; to++) {
    const { count, bytes: stored, lastOffset, marker } = records[to]!.view
    if (lastOffset <= through) continue // a remainder of an interrupted packing, inside the record before
    if (marker) return { run: records.slice(from, Math.max(to, from + 1)), isFull: true }
    if (to > from && (isSealedAt(events, bytes) || events + count > MAX_RECORD_EVENTS)) {
      return { run: records.slice(from, to), isFull: true }
    }
    events += count
    bytes += stored.length
    through = lastOffset
  }
  return { run: records.slice(from), isFull: isSealedAt(events, bytes) }
}

function isSealedAt(events: number, bytes: number): boolean {
  return events >= SEALED_EVENTS || bytes >= SEALED_BYTES
}

/** A run is worth a segment when it is complete, or long enough, or has remainders to be cleared away. */
function isWorth(run: readonly OpenRecord[], isSealed: boolean): boolean {
  return (
    (run.length > 1 && isSealed) || run.length >= WORTH_RECORDS || withoutRemainders(run).length < run.length
  )
}

/** The records of a run that lie in no other. */
function withoutRemainders(run: readonly OpenRecord[]): readonly OpenRecord[] {
  let through = 0
  return run.filter(({ view }) => {
    const isNew = view.lastOffset > through
    if (isNew) through = view.lastOffset
    return isNew
  })
}

function segmentOf(replaces: readonly OpenRecord[]): Segment {
  const run = withoutRemainders(replaces)
  const first = run[0]!.view
  const last = run.at(-1)!.view
  const { vector, whole } = vectorAfter(run)
  const bytes = encodeRecord({
    firstOffset: first.firstOffset,
    count: run.reduce((sum, { view }) => sum + view.count, 0),
    clock: last.clock,
    whole,
    vector: [...vector.entries()],
    bytesBefore: first.bytesBefore,
    commits: run.flatMap((record) => record.commits.map((commit) => partsOf(record.view, commit))),
  })
  return { bytes, firstOffset: first.firstOffset, lastOffset: last.lastOffset, replaces }
}

/** The vector after a run: whole from the first record on that holds it whole. */
function vectorAfter(run: readonly OpenRecord[]): { vector: VersionVector; whole: boolean } {
  let vector = createVersionVector()
  let whole = false
  for (const { view } of run) {
    vector = view.whole ? createVersionVector(view.vector) : vector.advance(view.vector)
    whole ||= view.whole
  }
  return { vector, whole }
}

function endOf(run: readonly OpenRecord[]): Offset {
  return withoutRemainders(run).at(-1)!.view.lastOffset
}
