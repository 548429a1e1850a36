/**
 * Reading for one handle: from the tail in memory when it reaches back far enough, else in runs from the store. Reading
 * never goes past a damaged record: what lies before it is given, then it is named.
 */
import { decodeEventAt, type OpenRecord, type Reading } from '../decode.ts'
import type { StoredEvent } from '../event.ts'
import type { Head } from '../head.ts'
import type { CommitId, Offset } from '../identity.ts'
import { type CommitBatch, emptyBatch, type ReadOptions, type Receipt } from '../log.ts'
import type { RecordCommit } from '../record.ts'
import { refuseAborted } from '../refusals.ts'
import type { EventRegistry } from '../registry.ts'
import { cutCommits, type MarkedBatch, readRun, readVoided, recordAt, storedCommit } from '../run.ts'
import type { VoidRange } from '../voids.ts'
import type { Run } from './fetch.ts'
import type { RunCache } from './run-cache.ts'
import type { Tail } from './tail.ts'

/** What reading needs. */
export interface ReaderContext {
  readonly events: EventRegistry
  readonly tail: Tail
  readonly runs: RunCache
  /** The last offset known. */
  readonly head: () => Offset
  /** What does not stand and who wrote here, as far as this handle knows. */
  readonly standing: () => Pick<Head, 'voids' | 'own' | 'nextOffset'>
}

/** Events after `after`. Errors: `RECORD_DAMAGED` and `FORMAT_NEWER` when the very next event cannot be read. */
export async function readEvents(
  context: ReaderContext,
  after: Offset,
  options: ReadOptions,
): Promise<Omit<MarkedBatch, 'marked'>> {
  if (after >= context.head()) return { batch: emptyBatch(after), lastMarker: 0 }
  const run = await recordsFrom(context, after + 1)
  refuseAborted(options.signal)
  const reading = { ...context.standing(), registry: context.events }
  const { batch, marked, lastMarker } = readRun(run.records, after, reading, options)
  if (batch.through === after && run.damage) throw run.damage
  if (marked.length === 0) return { batch, lastMarker }
  return { batch: { ...batch, voids: await readMarked(context, marked, reading, options) }, lastMarker }
}

/** The events in ranges that markers void; what lies in a damaged record was never folded. */
export async function readMarked(
  { runs }: ReaderContext,
  marked: readonly VoidRange[],
  reading: Reading,
  options: ReadOptions,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = []
  for (const { last, ...range } of marked) {
    for (let first: number = range.first; first <= last; ) {
      const run = await runs.passingRun(first)
      refuseAborted(options.signal)
      const part = { ...range, first: first as Offset, last }
      for (const event of readVoided(run.records, part, reading, options)) events.push(event)
      if (run.damage?.code === 'FORMAT_NEWER') throw run.damage
      first = run.damage ? Number(run.damage.facts.throughOffset) + 1 : run.through + 1
      if (run.isLast) break
    }
  }
  return events
}

/** The events at these offsets, each record looked up once while they ascend. */
export async function readEventsAt(
  context: ReaderContext,
  offsets: readonly Offset[],
  signal: AbortSignal | undefined,
): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = []
  let record: OpenRecord | undefined
  for (const offset of offsets) {
    if (!record || !holds(record, offset)) {
      refuseAborted(signal)
      record = await recordHolding(context, offset)
    }
    const event = record && decodeEventAt(record, offset, context.events)
    if (event) found.push(event)
  }
  return found
}

/** Whole commits that begin after `after`. */
export async function readCommits(
  context: ReaderContext,
  after: Offset,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<CommitBatch> {
  for (let through = after; through < context.head(); ) {
    const run = await recordsFrom(context, through + 1)
    refuseAborted(signal)
    const { commits, through: read } = cutCommits(run.records, through, maxBytes, context.standing().voids)
    if (commits.length > 0) return { commits: commits.map(storedCommit), through: read }
    if (run.damage) throw run.damage
    if (read <= through) break
    through = read
  }
  return { commits: [], through: after }
}

/** The commit that holds `offset`, and its record. */
export async function commitAt(
  context: ReaderContext,
  offset: Offset,
): Promise<{ record: OpenRecord; commit: RecordCommit } | undefined> {
  const record = await recordHolding(context, offset)
  const commit = record?.commits.findLast(({ firstOffset }) => firstOffset <= offset)
  return record && commit && { record, commit }
}

/** Calls `see` with every commit that ends behind `after`; damaged records are passed over. */
export async function scanCommits(
  { runs }: ReaderContext,
  after: Offset,
  see: (commit: RecordCommit) => void,
): Promise<void> {
  for (let at: number = after; ; ) {
    const run = await runs.passingRun(at + 1)
    for (const { commits } of run.records) {
      for (const commit of commits) if (commit.firstOffset + commit.head.count > after + 1) see(commit)
    }
    if (run.damage?.code === 'FORMAT_NEWER') throw run.damage
    if (run.isLast) return
    at = run.damage ? Number(run.damage.facts.throughOffset) : run.through
  }
}

/** Receipts of those of these commits that are stored behind `since`. */
export async function findReceipts(
  context: ReaderContext,
  ids: ReadonlySet<CommitId>,
  since: Offset,
): Promise<ReadonlyMap<CommitId, Receipt>> {
  const receipts = new Map<CommitId, Receipt>()
  if (ids.size === 0) return receipts
  await scanCommits(context, since, (commit) => {
    if (ids.has(commit.head.commitId)) receipts.set(commit.head.commitId, receiptOf(commit))
  })
  return receipts
}

async function recordsFrom({ tail, runs }: ReaderContext, position: number): Promise<Run> {
  const records = tail.from(position)
  const through = records?.at(-1)?.view.lastOffset
  if (!records || through === undefined) return runs.runFrom(position)
  return { records, through, damage: undefined, isLast: false, bytes: 0 }
}

export async function recordHolding(
  { tail, runs }: ReaderContext,
  offset: Offset,
): Promise<OpenRecord | undefined> {
  const atHand = recordAt(tail.from(offset) ?? [], offset) ?? (await runs.recordAtHand(offset))
  if (atHand) return atHand
  const run = await runs.passingRun(offset, 1)
  const found = recordAt(run.records, offset)
  if (!found && run.damage && Number(run.damage.facts.offset) <= offset) throw run.damage
  return found
}

function holds({ view }: OpenRecord, offset: Offset): boolean {
  return view.firstOffset <= offset && offset <= view.lastOffset
}

function receiptOf({ head, firstOffset }: RecordCommit): Receipt {
  const { commitId, replica, firstSequence, count, timestamp } = head
  const offset = (firstOffset + count - 1) as Offset
  return { commitId, replica, firstSequence, count, timestamp, offset, held: 'committed' }
}
