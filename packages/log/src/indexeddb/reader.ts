/**
 * Reading for one handle: from the tail in memory when it reaches back far enough, else in runs of about 1 MiB from the
 * store, the next run fetched while the current one is decoded. Two runs are held at most.
 */
import { decodeEventAt, type OpenRecord } from '../decode.ts'
import type { StoredEvent } from '../event.ts'
import type { CommitId, Offset } from '../identity.ts'
import type { CommitBatch, EventBatch, ReadOptions, Receipt } from '../log.ts'
import type { RecordCommit } from '../record.ts'
import { refuseAborted } from '../refusals.ts'
import type { EventRegistry } from '../registry.ts'
import { readRun, readRunCommits, recordAt } from '../run.ts'
import type { Connection } from './connection.ts'
import { fetchRun, type Run } from './fetch.ts'
import type { Tail } from './tail.ts'

/** About how many bytes a run has. */
export const RUN_BYTES = 1_048_576
/** Records of the first run, when nothing is known of their size yet, and of any run. */
const FIRST_LIMIT = 4
const MOST_RECORDS = 512

/** What a reader is handed. */
export interface ReaderOptions {
  readonly connection: Connection
  readonly keyRange: typeof IDBKeyRange
  readonly events: EventRegistry
  readonly tail: Tail
  /** The last offset known. */
  head(): Offset
}

/** Reads events, commits and receipts. */
export interface Reader {
  read(after: Offset, options: ReadOptions): Promise<EventBatch>
  readAt(offsets: readonly Offset[], signal: AbortSignal | undefined): Promise<readonly StoredEvent[]>
  readCommits(after: Offset, maxBytes: number, signal: AbortSignal | undefined): Promise<CommitBatch>
  /** The commit that holds `offset`, and its record. */
  commitAt(offset: Offset): Promise<{ record: OpenRecord; commit: RecordCommit } | undefined>
  /** Calls `see` with every commit behind `after`; damaged records are passed over. */
  scan(after: Offset, see: (commit: RecordCommit, record: OpenRecord) => void): Promise<void>
  /** Receipts of those of these commits that are stored behind `since`. */
  findCommits(ids: ReadonlySet<CommitId>, since: Offset): Promise<ReadonlyMap<CommitId, Receipt>>
}

/** A run that was asked for. */
interface Slot {
  readonly from: number
  readonly run: Promise<Run>
  /** Set once it has arrived. */
  through?: number
}

/** Creates a reader. */
export function createReader({ connection, keyRange, events, tail, head }: ReaderOptions): Reader {
  let slots: Slot[] = []
  let limit = FIRST_LIMIT

  const fetch = (from: number): Slot => {
    const run = connection.use((database) => fetchRun(database, from, limit, keyRange))
    const slot: Slot = { from, run }
    slots = [...slots.slice(-1), slot]
    run.then(
      ({ through, records, bytes }) => {
        slot.through = through
        if (records.length > 0) limit = limitFor(bytes / records.length)
      },
      () => {
        slots = slots.filter((other) => other !== slot)
      },
    )
    return slot
  }
  const isThere = (slot: Slot, position: number): boolean =>
    slot.through === undefined ? slot.from === position : slot.from <= position && position <= slot.through
  const runFrom = async (position: number): Promise<Run> => {
    const run = await (slots.find((slot) => isThere(slot, position)) ?? fetch(position)).run
    const goesOn = !run.isLast && !run.damage && run.through < head()
    if (goesOn && !slots.some((slot) => slot.from === run.through + 1)) fetch(run.through + 1)
    return run
  }
  const recordsFrom = async (position: number): Promise<Run> => {
    const records = tail.from(position)
    const through = records?.at(-1)?.view.lastOffset
    if (records && through !== undefined)
      return { records, through, damage: undefined, isLast: false, bytes: 0 }
    return runFrom(position)
  }
  const recordHolding = async (offset: Offset): Promise<OpenRecord | undefined> => {
    const held = tail.from(offset) ?? (await slots.find((slot) => isThere(slot, offset))?.run)?.records
    const record = held && recordAt(held, offset)
    if (record) return record
    const run = await connection.use((database) => fetchRun(database, offset, 1, keyRange))
    const found = recordAt(run.records, offset)
    if (!found && run.damage && Number(run.damage.facts.offset) <= offset) throw run.damage
    return found
  }
  const scan: Reader['scan'] = async (after, see) => {
    for (let at: number = after; ; ) {
      const run = await connection.use((database) => fetchRun(database, at + 1, limit, keyRange))
      for (const record of run.records) {
        for (const commit of record.commits)
          if (commit.firstOffset + commit.head.count > after + 1) see(commit, record)
      }
      if (run.damage?.code === 'FORMAT_NEWER') throw run.damage
      if (run.isLast) return
      at = run.damage ? Number(run.damage.facts.throughOffset) : run.through
    }
  }

  return {
    read: async (after, options) => {
      if (after >= head()) return { events: [], through: after, unknown: new Map() }
      const run = await recordsFrom(after + 1)
      refuseAborted(options.signal)
      const batch = readRun(run.records, after, events, options)
      if (batch.through === after && run.damage) throw run.damage
      return batch
    },
    readAt: async (offsets, signal) => {
      const found: StoredEvent[] = []
      let record: OpenRecord | undefined
      for (const offset of offsets) {
        if (!record || record.view.lastOffset < offset || record.view.firstOffset > offset) {
          refuseAborted(signal)
          record = await recordHolding(offset)
        }
        const event = record && decodeEventAt(record, offset, events)
        if (event) found.push(event)
      }
      return found
    },
    readCommits: async (after, maxBytes, signal) => {
      for (let through = after; through < head(); ) {
        const run = await recordsFrom(through + 1)
        refuseAborted(signal)
        const batch = readRunCommits(run.records, after, maxBytes)
        if (batch.commits.length > 0) return batch
        if (run.damage) throw run.damage
        if (run.through <= through) break
        through = run.through
      }
      return { commits: [], through: after }
    },
    commitAt: async (offset) => {
      const record = await recordHolding(offset)
      const commit = record?.commits.findLast(({ firstOffset }) => firstOffset <= offset)
      return record && commit && { record, commit }
    },
    scan,
    findCommits: async (ids, since) => {
      const receipts = new Map<CommitId, Receipt>()
      if (ids.size === 0) return receipts
      await scan(since, (commit) => {
        if (ids.has(commit.head.commitId)) receipts.set(commit.head.commitId, receiptOf(commit))
      })
      return receipts
    },
  }
}

function limitFor(bytesPerRecord: number): number {
  return Math.min(MOST_RECORDS, Math.max(1, Math.ceil(RUN_BYTES / bytesPerRecord)))
}

function receiptOf({ head, firstOffset }: RecordCommit): Receipt {
  const { commitId, replica, firstSequence, count, timestamp } = head
  const offset = (firstOffset + count - 1) as Offset
  return { commitId, replica, firstSequence, count, timestamp, offset, held: 'committed' }
}
