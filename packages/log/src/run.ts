/**
 * Reading from records that lie in memory in offset order: a bounded batch of events, or of whole commits. Records may
 * overlap only as an interrupted packing leaves them (small ones inside a segment); those are skipped whole. Both logs
 * read through this; where the records come from is theirs.
 */
import { createDecoded, decodeEvents, type OpenRecord, type Reading } from './decode.ts'
import type { StoredEvent } from './event.ts'
import type { Offset, ReplicaId } from './identity.ts'
import type { ChainedCommit, CommitEnd, EventBatch, ReadOptions, StoredCommit } from './log.ts'
import { commitBytes, type RecordCommit } from './record.ts'
import { NO_VOIDS, type VoidRange, type Voids, voidedAt } from './voids.ts'

/** Events of a batch when the reader does not say. */
export const DEFAULT_MAX_EVENTS = 2_000
/** Bytes of a batch of commits when the reader does not say. */
export const DEFAULT_MAX_BYTES = 1_048_576

/** The place in `records` of the first that ends after `after`; their number when none does. */
export function placeAfter(records: readonly OpenRecord[], after: number): number {
  let low = 0
  let high = records.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (records[middle]!.view.lastOffset > after) high = middle
    else low = middle + 1
  }
  return low
}

/** The record that holds `offset`, when there is one. */
export function recordAt(records: readonly OpenRecord[], offset: number): OpenRecord | undefined {
  const record = records[placeAfter(records, offset - 1)]
  return record && record.view.firstOffset <= offset ? record : undefined
}

/** A batch whose `voids` are still to be read: the events in `marked`. */
export interface MarkedBatch {
  readonly batch: EventBatch
  readonly marked: readonly VoidRange[]
  /** The offset of the last marker in it; 0 where there is none. */
  readonly lastMarker: number
}

/** Events after `after`, at most as many offsets as the options allow. */
export function readRun(
  records: readonly OpenRecord[],
  after: Offset,
  reading: Reading,
  { maxEvents = DEFAULT_MAX_EVENTS, types }: ReadOptions,
): MarkedBatch {
  const decoded = createDecoded()
  const marked: VoidRange[] = []
  let left = Math.max(1, Math.floor(maxEvents) || 1)
  let through = after
  let lastMarker = 0
  for (let i = placeAfter(records, after); i < records.length && left > 0; i++) {
    const record = records[i]!
    const { firstOffset, lastOffset, marker } = record.view
    if (lastOffset <= through) continue
    const from = Math.max(firstOffset, through + 1)
    through = Math.min(lastOffset, from + left - 1) as Offset
    left -= through - from + 1
    decodeEvents(record, { from, through, types }, reading, decoded)
    if (!marker) continue
    marked.push(...marker)
    lastMarker = lastOffset
  }
  const events =
    marked.length === 0 ? decoded.events : decoded.events.filter((event) => !isMarked(event, marked))
  return { batch: { ...decoded, events, voids: NO_EVENTS, through }, marked, lastMarker }
}

/** The events in one range of offsets, voided or not, as far as these records hold them. */
export function readVoided(
  records: readonly OpenRecord[],
  { first, last }: VoidRange,
  reading: Reading,
  { types }: ReadOptions,
): readonly StoredEvent[] {
  const decoded = createDecoded()
  const all = { ...reading, voids: NO_VOIDS }
  for (let i = placeAfter(records, first - 1); i < records.length; i++) {
    const { firstOffset, lastOffset } = records[i]!.view
    if (firstOffset > last) break
    const from = Math.max(first, firstOffset)
    decodeEvents(records[i]!, { from, through: Math.min(last, lastOffset), types }, all, decoded)
  }
  return decoded.events
}

/** The end of the last standing commit of a record up to an offset. */
export function lastCommitIn({ commits }: OpenRecord, through: Offset, voids: Voids): CommitEnd | undefined {
  const last = commits.findLast(
    ({ firstOffset, head }) => firstOffset + head.count - 1 <= through && !voidedAt(voids, firstOffset),
  )
  if (!last) return undefined
  const { firstOffset, head } = last
  return { offset: (firstOffset + head.count - 1) as Offset, timestamp: head.timestamp }
}

const NO_EVENTS: readonly StoredEvent[] = []

function isMarked({ offset }: StoredEvent, marked: readonly VoidRange[]): boolean {
  return marked.some(({ first, last }) => first <= offset && offset <= last)
}

/** A standing commit of a run, and where it lies. */
export interface RunCommit {
  readonly record: OpenRecord
  readonly commit: RecordCommit
}

/** Standing commits that begin after `after`, up to `maxBytes` but at least one, and how far that takes a reader. */
export function cutCommits(
  records: readonly OpenRecord[],
  after: Offset,
  maxBytes: number,
  voids: Voids,
): { readonly commits: readonly RunCommit[]; readonly through: Offset } {
  const commits: RunCommit[] = []
  let through = after
  let bytes = 0
  for (let i = placeAfter(records, after); i < records.length; i++) {
    const record = records[i]!
    for (const commit of record.commits) {
      const { firstOffset, head } = commit
      const last = firstOffset + head.count - 1
      if (firstOffset <= after || last <= through) continue
      if (!voidedAt(voids, firstOffset)) {
        const length = head.bodiesAt + head.bodiesLength
        if (commits.length > 0 && bytes + length > maxBytes) return { commits, through }
        commits.push({ record, commit })
        bytes += length
      }
      through = last as Offset
    }
    if (record.view.marker && record.view.lastOffset > through) through = record.view.lastOffset
  }
  return { commits, through }
}

/** A commit of a run, to be handed out. */
export function storedCommit({ record, commit }: RunCommit): StoredCommit {
  return { firstOffset: commit.firstOffset, bytes: commitBytes(record.view, commit) }
}

/** The same with its place in its chain. */
export function chainedCommit(
  run: RunCommit,
  previous: Uint8Array,
  own: ReadonlySet<ReplicaId>,
): ChainedCommit {
  const { replica, firstSequence, count } = run.commit.head
  return { ...storedCommit(run), replica, firstSequence, count, previous, isOwn: own.has(replica) }
}
