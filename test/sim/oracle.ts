// What really lies in a log, read from the committed records of a simulated disk past all handles: for checking, in no time
// and disturbing nobody.

import { HeadwaterError, type Offset, parseCommit } from '@headwater/log'
import { openRecord } from '../../packages/log/src/decode.ts'
import { ENCODING, INDEX_ENTRY_BYTES } from '../../packages/log/src/events-section.ts'
import { META, RECORDS, VOIDS } from '../../packages/log/src/indexeddb/database.ts'
import { IDENTITY } from '../../packages/log/src/indexeddb/stored-identity.ts'
import { commitBytes, parseRecord } from '../../packages/log/src/record.ts'
import { firstOffsetOf } from '../../packages/log/src/reissues.ts'
import type { Voids } from '../../packages/log/src/voids.ts'
import type { LoggedEvent } from './app/naive.ts'
import type { Disk } from './store/disk.ts'

/** A commit as it lies in a log. */
export interface LoggedCommit {
  readonly offset: number
  readonly replica: string
  readonly firstSequence: number
  readonly count: number
  readonly timestamp: number
  readonly commitId: string
  readonly bytes: Uint8Array
  readonly events: readonly LoggedEvent[]
}

/** A log as it is stored at this moment. */
export interface LoggedLog {
  /** Who writes here now; undefined where there is no log. */
  readonly replica: string | undefined
  /** The commits whose events count, in order: they stand, and are no duplicates. */
  readonly commits: readonly LoggedCommit[]
  /** The commits that stand, in order. */
  readonly standing: readonly LoggedCommit[]
  /** All of them, also those that were voided. */
  readonly written: readonly LoggedCommit[]
  readonly head: number
  /** Where commits were voided last; 0 when none were. */
  readonly lastMarker: number
}

const LOG_NAME = 'headwater:tasks:log'

/** A record as it was parsed. */
interface LoggedRecord {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly commits: readonly LoggedCommit[]
}

/** Parsed records by their bytes, which never change in place. */
const parsed = new WeakMap<Uint8Array, LoggedRecord>()

/** Reads the log that lies on a disk. Throws when a record is damaged, or where offsets do not follow each other. */
export function readLog(disk: Disk): LoggedLog {
  const database = disk.databases.get(LOG_NAME)
  const written: LoggedCommit[] = []
  let [head, lastMarker] = [0, 0]
  for (const { key, value } of database?.committed(RECORDS) ?? []) {
    if (!(value instanceof Uint8Array)) throw new Error(`record ${key} is no bytes`)
    const record = parsed.get(value) ?? parseOneRecord(Number(key), value)
    parsed.set(value, record)
    if (record.firstOffset !== head + 1)
      throw new Error(`offset ${record.firstOffset} where ${head + 1} was next`)
    written.push(...record.commits)
    head = record.lastOffset
    if (record.commits.length === 0) lastMarker = head
  }
  const meta = new Map(database?.committed(META).map(({ key, value }) => [key, value]))
  const stored = meta.get(VOIDS) as Voids | undefined
  const identity = meta.get(IDENTITY) as { readonly replica: string } | undefined
  const voided = new Set<number>(stored?.commits.map(({ firstOffset }) => firstOffset))
  const standing = written.filter(({ offset }) => !voided.has(offset))
  const duplicates = new Set(stored?.reissues.filter(({ isDuplicate }) => isDuplicate).map(firstOffsetOf))
  const commits = standing.filter(({ offset }) => !duplicates.has(offset as Offset))
  return { replica: identity?.replica, commits, standing, written, head, lastMarker }
}

function parseOneRecord(key: number, bytes: Uint8Array): LoggedRecord {
  const view = parseRecord(key, bytes)
  const record = view instanceof HeadwaterError ? view : openRecord(view)
  if (record instanceof HeadwaterError) throw record
  const { firstOffset, lastOffset } = record.view
  const commits = record.commits.map((commit) =>
    parseOne(commit.firstOffset, commitBytes(record.view, commit)),
  )
  return { firstOffset, lastOffset, commits }
}

function parseOne(offset: number, bytes: Uint8Array): LoggedCommit {
  const head = parseCommit(bytes)
  if (head instanceof HeadwaterError) throw head
  const { replica, firstSequence, count, timestamp, commitId } = head
  const index = new DataView(bytes.buffer, bytes.byteOffset)
  const events: LoggedEvent[] = []
  for (let i = 0, at = head.bodiesAt; i < count; i++) {
    const entry = head.indexAt + i * INDEX_ENTRY_BYTES
    const length = index.getUint32(entry + 2, true)
    const type = head.types[index.getUint16(entry, true)]!
    events.push({
      type: type.type,
      version: type.version,
      data:
        type.encoding === ENCODING.json
          ? JSON.parse(textOf(bytes, at, length))
          : { body: bytes.subarray(at, at + length) },
      offset: offset + i,
      replica,
      sequence: firstSequence + i,
      timestamp,
    })
    at += length + 1
  }
  return { offset, replica, firstSequence, count, timestamp, commitId, bytes, events }
}

function textOf(bytes: Uint8Array, at: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(at, at + length))
}
