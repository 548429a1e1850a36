/**
 * Fetching stored records by position, in one short transaction: the record that *covers* a position and those after it.
 * Usually a record begins exactly there; otherwise the log is walked back, at most as far as the longest record reaches.
 * A damaged record ends a fetch, and is met only where no whole one covers the same events.
 */
import { type OpenRecord, openRecord } from '../decode.ts'
import { HeadwaterError } from '../error.ts'
import type { Offset } from '../identity.ts'
import { damagedRecord, MAX_RECORD_EVENTS, parseRecord } from '../record.ts'
import { RECORDS } from './database.ts'
import { answerOf } from './request.ts'

/**
 * So few records are large. They are asked for one by one, since the large values of one answer arrive one after the
 * other, in several turns of the reader's thread each.
 */
const MOST_APART = 8

/** A record as it came from the store: whole, or refused. */
export interface Fetched {
  readonly key: number
  readonly record: OpenRecord | HeadwaterError
}

/** Records in offset order, from the one that covers the position asked for. */
export interface Run {
  readonly records: readonly OpenRecord[]
  /** Everything from the position asked for up to here is in `records`, or nowhere. */
  readonly through: Offset
  /** The refusal of the record behind `through`, when that is why the run ends there. */
  readonly damage: HeadwaterError | undefined
  /** Whether the store had no more records. */
  readonly isLast: boolean
  readonly bytes: number
}

/** Fetches the record that covers `position` and up to `limit` records that begin at or behind it. */
export function fetchRun(
  database: IDBDatabase,
  position: number,
  limit: number,
  keyRange: typeof IDBKeyRange,
): Promise<Run> {
  return fetchRunFrom(database.transaction(RECORDS).objectStore(RECORDS), position, limit, keyRange)
}

/** The same inside a transaction that goes on. */
export async function fetchRunFrom(
  records: IDBObjectStore,
  position: number,
  limit: number,
  keyRange: typeof IDBKeyRange,
): Promise<Run> {
  const behind = await listFrom(records, keyRange.lowerBound(position), limit)
  const isAligned = behind[0]?.key === position
  const covering = isAligned
    ? undefined
    : await findCovering(records, position, keyRange, behind.length === 0)
  const run = cutRun(position, covering ? [covering, ...behind] : behind, behind.length < limit)
  return run.damage && !run.isLast ? withNextKey(run, records, keyRange) : run
}

/** Fetches at most `limit` records whose keys lie in `range`. */
export function fetchList(
  database: IDBDatabase,
  range: IDBKeyRange,
  limit: number,
): Promise<readonly Fetched[]> {
  return listFrom(database.transaction(RECORDS).objectStore(RECORDS), range, limit)
}

async function listFrom(
  records: IDBObjectStore,
  range: IDBKeyRange,
  limit: number,
): Promise<readonly Fetched[]> {
  const [keys, values] = await (limit > MOST_APART ? getTogether : getApart)(records, range, limit)
  return keys.map((key, i) => fetched(Number(key), values[i]))
}

type Listed = readonly [keys: readonly IDBValidKey[], values: readonly unknown[]]

function getTogether(records: IDBObjectStore, range: IDBKeyRange, limit: number): Promise<Listed> {
  return Promise.all([answerOf(records.getAllKeys(range, limit)), answerOf(records.getAll(range, limit))])
}

async function getApart(records: IDBObjectStore, range: IDBKeyRange, limit: number): Promise<Listed> {
  const keys = await answerOf(records.getAllKeys(range, limit))
  return [keys, await Promise.all(keys.map((key) => answerOf<unknown>(records.get(key))))]
}

/** Parses what is stored under a key. */
function fetched(key: number, value: unknown): Fetched {
  const view = parseRecord(key, value)
  return { key, record: view instanceof HeadwaterError ? view : openRecord(view) }
}

/** Cuts a list of fetched records before the first that cannot be read. */
function cutRun(position: number, list: readonly Fetched[], isLast: boolean): Run {
  const records: OpenRecord[] = []
  let through = (position - 1) as Offset
  let bytes = 0
  for (const [i, { key, record }] of list.entries()) {
    if (record instanceof HeadwaterError) {
      if (records.length > 0 && key <= through) continue // a remainder of packing: a whole segment holds the same events
      return {
        records,
        through,
        damage: boundedBy(record, key, list[i + 1]?.key),
        isLast: isLast && i + 1 === list.length,
        bytes,
      }
    }
    if (record.view.lastOffset <= through) continue
    records.push(record)
    through = record.view.lastOffset
    bytes += record.view.bytes.length
  }
  return { records, through, damage: undefined, isLast, bytes }
}

/**
 * The newest record before `position` that holds it; a damaged one that may when no whole one does. Behind the newest
 * record nothing else reaches: packing leaves it alone, so that it lies in no segment.
 */
function findCovering(
  records: IDBObjectStore,
  position: number,
  keyRange: typeof IDBKeyRange,
  isBehindNewest: boolean,
): Promise<Fetched | undefined> {
  const request = records.openCursor(keyRange.upperBound(position, true), 'prev')
  let damaged: Fetched | undefined
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error ?? new Error('a cursor failed without a reason'))
    request.onsuccess = () => {
      const cursor = request.result
      if (!cursor || Number(cursor.key) <= position - MAX_RECORD_EVENTS) return resolve(damaged)
      const found = fetched(Number(cursor.key), cursor.value)
      const isDamaged = found.record instanceof HeadwaterError
      if (!isDamaged && covers(found.record, position)) return resolve(found)
      if (isDamaged) damaged ??= found
      if (isBehindNewest) return resolve(damaged)
      cursor.continue()
    }
  })
}

function covers(record: OpenRecord | HeadwaterError, position: number): boolean {
  return !(record instanceof HeadwaterError) && record.view.lastOffset >= position
}

/** A damaged record at the end of what was fetched covers nothing behind the next key of the store. */
async function withNextKey(run: Run, records: IDBObjectStore, keyRange: typeof IDBKeyRange): Promise<Run> {
  const key = Number(run.damage?.facts.offset)
  const next = await answerOf(records.getKey(keyRange.lowerBound(key, true)))
  return run.damage
    ? { ...run, damage: boundedBy(run.damage, key, next === undefined ? undefined : Number(next)) }
    : run
}

function boundedBy(error: HeadwaterError, key: number, nextKey: number | undefined): HeadwaterError {
  if (error.code !== 'RECORD_DAMAGED' || nextKey === undefined) return error
  return damagedRecord(key, String(error.facts.why), nextKey)
}
