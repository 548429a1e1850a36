/**
 * Packing in the background: small records become segments, one short transaction each, while other tabs append and read.
 * The segment is put before what it replaces is deleted, both in one transaction, so that even a half-committed one loses
 * nothing. Each transaction checks that what it replaces is still what was planned; otherwise another tab was faster.
 */
import type { OpenRecord } from '../decode.ts'
import { HeadwaterError } from '../error.ts'
import { SEALED_EVENTS } from '../grouping.ts'
import type { Offset } from '../identity.ts'
import { planPacking, type Segment } from '../packing.ts'
import { refuseAborted } from '../refusals.ts'
import { type Connection, withConnection } from './connection.ts'
import { META, PACKED, RECORDS } from './database.ts'
import { type Fetched, fetchList } from './fetch.ts'
import { abortIfOpen, answerOf, endOf } from './request.ts'

/** A look ends once it has seen this many events in records that are no segments yet … */
const LOOK_EVENTS = SEALED_EVENTS
/** … or this many bytes … */
const LOOK_BYTES = 1_048_576
/** … or this many records. */
const LOOK_RECORDS = 1_200
/** Records of one transaction: of unknown size first, then as many as make about a quarter of a MiB, or the most. */
const FIRST_RECORDS = 4
const READ_BYTES = 262_144
const MOST_RECORDS = 256

/** Packs until nothing is worth packing; the number of records that segments replaced. */
export async function packAll(
  connection: Connection,
  keyRange: typeof IDBKeyRange,
  signal: AbortSignal | undefined,
): Promise<number> {
  let packed = 0
  let mark = await withConnection(connection, readMark)
  for (;;) {
    refuseAborted(signal)
    const step = await packStep(connection, mark, keyRange)
    packed += step.recordsPacked
    mark = step.packedThrough
    if (step.isDone) return packed
  }
}

interface Step {
  readonly recordsPacked: number
  readonly packedThrough: Offset
  readonly isDone: boolean
}

async function packStep(connection: Connection, after: Offset, keyRange: typeof IDBKeyRange): Promise<Step> {
  const { records, keys, skipTo, isEnd } = await lookAt(connection, after, keyRange)
  const { segment, packedThrough: planned } = planPacking(records, after, skipTo !== undefined)
  const recordsPacked = segment
    ? await withConnection(connection, (database) => storeSegment(database, segment, keys, keyRange))
    : 0
  const packedThrough = segment ? planned : (skipTo ?? planned)
  if (packedThrough > after)
    await withConnection(connection, (database) => writeMark(database, packedThrough))
  const isStuck = recordsPacked === 0 && packedThrough === after
  return { recordsPacked, packedThrough, isDone: isStuck || (isEnd && !segment) }
}

interface Look {
  readonly records: readonly OpenRecord[]
  /** The keys of these, and of damaged ones inside their ranges. */
  readonly keys: readonly number[]
  /** The key of the record at which these end because it cannot be read; looking goes on behind it. */
  readonly skipTo: Offset | undefined
  /** Whether only the newest record lies behind these. */
  readonly isEnd: boolean
}

/** Looks at the next records that may be packed, all but the newest, in transactions that hold nobody up for long. */
async function lookAt(connection: Connection, after: Offset, keyRange: typeof IDBKeyRange): Promise<Look> {
  const seen = startLook()
  let limit = FIRST_RECORDS
  for (let position = after + 1; ; ) {
    const list = await withConnection(connection, (database) =>
      fetchList(database, keyRange.lowerBound(position), limit),
    )
    for (const each of list) {
      const ended = seen.see(each)
      if (ended) return ended
    }
    if (list.length < limit) return seen.end()
    position = list.at(-1)!.key + 1
    limit = Math.min(MOST_RECORDS, Math.max(1, Math.ceil(READ_BYTES / seen.bytesPerRecord())))
  }
}

interface Seen {
  /** Takes the next record; the look, when it ends before this one. */
  see(fetched: Fetched): Look | undefined
  /** The look when there are no more records: without the newest. */
  end(): Look
  bytesPerRecord(): number
}

function startLook(): Seen {
  const records: OpenRecord[] = []
  const keys: number[] = []
  let [events, bytes, through] = [0, 0, 0]
  return {
    see: ({ key, record }) => {
      const isInside = key <= through // a remainder of an interrupted packing
      if (!isInside && (events >= LOOK_EVENTS || bytes >= LOOK_BYTES || keys.length >= LOOK_RECORDS)) {
        return { records, keys, skipTo: undefined, isEnd: false }
      }
      if (record instanceof HeadwaterError && !isInside)
        return { records, keys, skipTo: key as Offset, isEnd: false }
      keys.push(key)
      if (record instanceof HeadwaterError) return undefined
      records.push(record)
      if (!isInside && record.view.count < SEALED_EVENTS) events += record.view.count
      bytes += record.view.bytes.length
      through = Math.max(through, record.view.lastOffset)
      return undefined
    },
    end: () => ({ records: records.slice(0, -1), keys, skipTo: undefined, isEnd: true }),
    bytesPerRecord: () => (bytes + 1) / (records.length + 1),
  }
}

/** Replaces records by their segment; 0 when they are no longer what was planned. */
async function storeSegment(
  database: IDBDatabase,
  { firstOffset, lastOffset, bytes, replaces }: Segment,
  seen: readonly number[],
  keyRange: typeof IDBKeyRange,
): Promise<number> {
  const expected = seen.filter((key) => firstOffset <= key && key <= lastOffset)
  const transaction = database.transaction(RECORDS, 'readwrite')
  const end = endOf(transaction)
  try {
    const records = transaction.objectStore(RECORDS)
    const [keys, first, newer] = await Promise.all([
      answerOf(records.getAllKeys(keyRange.bound(firstOffset, lastOffset))),
      answerOf<unknown>(records.get(firstOffset)),
      answerOf(records.getKey(keyRange.lowerBound(lastOffset, true))),
    ])
    const isAsPlanned =
      newer !== undefined &&
      first instanceof Uint8Array &&
      first.length === replaces[0]!.view.bytes.length &&
      keys.length === expected.length &&
      keys.every((key, i) => key === expected[i])
    if (isAsPlanned) {
      records.put(bytes, firstOffset)
      records.delete(keyRange.bound(firstOffset, lastOffset, true))
    }
    transaction.commit()
    await end
    return isAsPlanned ? keys.length : 0
  } catch (error) {
    end.catch(() => undefined) // told by the error that is thrown here
    abortIfOpen(transaction)
    throw error
  }
}

async function readMark(database: IDBDatabase): Promise<Offset> {
  const stored: unknown = await answerOf(database.transaction(META).objectStore(META).get(PACKED))
  return (typeof stored === 'number' && Number.isSafeInteger(stored) && stored > 0 ? stored : 0) as Offset
}

async function writeMark(database: IDBDatabase, mark: Offset): Promise<void> {
  const transaction = database.transaction(META, 'readwrite')
  transaction.objectStore(META).put(mark, PACKED)
  await endOf(transaction)
}
