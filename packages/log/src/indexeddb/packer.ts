/**
 * Packing in the background: small records become segments, one short transaction each, while other tabs append and read.
 * The segment is put before what it replaces is deleted, both in one transaction, so that even a half-committed one loses
 * nothing. Each transaction checks that what it replaces is still what was planned; otherwise another tab was faster.
 */
import type { OpenRecord } from '../decode.ts'
import { HeadwaterError } from '../error.ts'
import type { Offset } from '../identity.ts'
import { planPacking, type Segment } from '../packing.ts'
import { refuseAborted } from '../refusals.ts'
import { type Connection, withConnection } from './connection.ts'
import { META, PACKED, RECORDS } from './database.ts'
import { fetched } from './fetch.ts'
import { abortIfOpen, answerOf, endOf } from './request.ts'

/** Records that are looked at together: enough for a segment of single events. */
const LOOK_AT = 1_200
/** Bytes at which a look ends. */
const LOOK_BYTES = 1_048_576

/** Packs until nothing is worth packing; the number of records that segments replaced. */
export async function packAll(
  connection: Connection,
  keyRange: typeof IDBKeyRange,
  signal: AbortSignal | undefined,
): Promise<number> {
  let packed = 0
  let mark = await withConnection(connection, (database) => readMark(database))
  for (;;) {
    refuseAborted(signal)
    const after = mark
    const step = await withConnection(connection, (database) => packStep(database, after, keyRange))
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

async function packStep(database: IDBDatabase, after: Offset, keyRange: typeof IDBKeyRange): Promise<Step> {
  const { records, skipTo, isEnd } = await lookAt(database, after, keyRange)
  const { segment, packedThrough: planned } = planPacking(records, after, skipTo !== undefined)
  const recordsPacked = segment ? await storeSegment(database, segment, keyRange) : 0
  const packedThrough = segment ? planned : (skipTo ?? planned)
  if (packedThrough > after) await writeMark(database, packedThrough)
  const isStuck = recordsPacked === 0 && packedThrough === after
  return { recordsPacked, packedThrough, isDone: isStuck || (isEnd && !segment) }
}

interface Look {
  readonly records: readonly OpenRecord[]
  /** The key of the record at which these end because it cannot be read; looking goes on behind it. */
  readonly skipTo: Offset | undefined
  /** Whether only the newest record lies behind these. */
  readonly isEnd: boolean
}

/** Reads the next records that may be packed: all but the newest, up to the first that cannot be read. */
function lookAt(database: IDBDatabase, after: Offset, keyRange: typeof IDBKeyRange): Promise<Look> {
  const store = database.transaction(RECORDS).objectStore(RECORDS)
  const request = store.openCursor(keyRange.lowerBound(after + 1))
  const records: OpenRecord[] = []
  let bytes = 0
  let through = 0
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error ?? new Error('a cursor failed without a reason'))
    request.onsuccess = () => {
      const cursor = request.result
      if (!cursor) return resolve({ records: records.slice(0, -1), skipTo: undefined, isEnd: true })
      const isEnough = records.length >= LOOK_AT || bytes >= LOOK_BYTES
      if (isEnough) return resolve({ records, skipTo: undefined, isEnd: false })
      const { key, record } = fetched(Number(cursor.key), cursor.value)
      if (record instanceof HeadwaterError) return resolve({ records, skipTo: key as Offset, isEnd: false })
      records.push(record)
      if (record.view.lastOffset > through) bytes += record.view.bytes.length
      through = Math.max(through, record.view.lastOffset)
      cursor.continue()
    }
  })
}

/** Replaces records by their segment; 0 when they are no longer what was planned. */
async function storeSegment(
  database: IDBDatabase,
  segment: Segment,
  keyRange: typeof IDBKeyRange,
): Promise<number> {
  const { firstOffset, lastOffset, bytes, replaces } = segment
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
      keys.length === replaces.length &&
      keys.every((key, i) => key === replaces[i]!.view.firstOffset)
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
