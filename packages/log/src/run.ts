/**
 * Reading from records that lie in memory in offset order: a bounded batch of events, or of whole commits. Records may
 * overlap only as an interrupted packing leaves them (small ones inside a segment); those are skipped whole. Both logs
 * read through this; where the records come from is theirs.
 */
import { type Decoded, decodeEvents, type OpenRecord } from './decode.ts'
import type { Offset } from './identity.ts'
import type { CommitBatch, EventBatch, ReadOptions, StoredCommit } from './log.ts'
import { commitBytes } from './record.ts'
import type { EventRegistry } from './registry.ts'

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

/** Events after `after`, at most as many offsets as the options allow. */
export function readRun(
  records: readonly OpenRecord[],
  after: Offset,
  registry: EventRegistry,
  { maxEvents = DEFAULT_MAX_EVENTS, types }: ReadOptions,
): EventBatch {
  const decoded: Decoded = { events: [], unknown: new Map() }
  let left = Math.max(1, Math.floor(maxEvents) || 1)
  let through = after
  for (let i = placeAfter(records, after); i < records.length && left > 0; i++) {
    const record = records[i]!
    const { firstOffset, lastOffset } = record.view
    if (lastOffset <= through) continue
    const from = Math.max(firstOffset, through + 1)
    through = Math.min(lastOffset, from + left - 1) as Offset
    left -= through - from + 1
    decodeEvents(record, { from, through, types }, registry, decoded)
  }
  return { ...decoded, through }
}

/** Whole commits that begin after `after`, up to `maxBytes` but at least one. */
export function readRunCommits(records: readonly OpenRecord[], after: Offset, maxBytes: number): CommitBatch {
  const commits: StoredCommit[] = []
  let through = after
  let bytes = 0
  for (let i = placeAfter(records, after); i < records.length; i++) {
    const record = records[i]!
    for (const commit of record.commits) {
      const last = commit.firstOffset + commit.head.count - 1
      if (commit.firstOffset <= after || last <= through) continue
      const length = commit.head.bodiesAt + commit.head.bodiesLength
      if (commits.length > 0 && bytes + length > maxBytes) return { commits, through }
      commits.push({ firstOffset: commit.firstOffset, bytes: commitBytes(record.view, commit) })
      bytes += length
      through = last as Offset
    }
  }
  return { commits, through }
}
