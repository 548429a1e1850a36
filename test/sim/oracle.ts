// What really lies in a log, read from the committed records of a simulated disk past all handles: for checking, in no time
// and disturbing nobody.

import { HeadwaterError, parseCommit } from '@headwater/log'
import { openRecord } from '../../packages/log/src/decode.ts'
import { ENCODING, INDEX_ENTRY_BYTES } from '../../packages/log/src/events-section.ts'
import { IDENTITY, META, RECORDS } from '../../packages/log/src/indexeddb/database.ts'
import { commitBytes, parseRecord } from '../../packages/log/src/record.ts'
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
  readonly commits: readonly LoggedCommit[]
  readonly head: number
}

const LOG_NAME = 'headwater:tasks:log'

/** Parsed records by their bytes, which never change in place. */
const parsed = new WeakMap<Uint8Array, readonly LoggedCommit[]>()

/** Reads the log that lies on a disk. Throws when a record is damaged, or they overlap. */
export function readLog(disk: Disk): LoggedLog {
  const commits: LoggedCommit[] = []
  let head = 0
  for (const { key, value } of disk.databases.get(LOG_NAME)?.committed(RECORDS) ?? []) {
    if (!(value instanceof Uint8Array)) throw new Error(`record ${key} is no bytes`)
    const known = parsed.get(value) ?? parseCommits(Number(key), value)
    parsed.set(value, known)
    commits.push(...known)
    const last = known.at(-1)
    if (last) head = last.offset + last.count - 1
  }
  return { commits, head }
}

/** The id of the replica that a disk's log belongs to; nothing when there is no log. */
export function readReplica(disk: Disk): string | undefined {
  const stored = disk.databases.get(LOG_NAME)?.committed(META) ?? []
  const identity = stored.find(({ key }) => key === IDENTITY)?.value
  const replica: unknown = Reflect.get(Object(identity), 'replica')
  return typeof replica === 'string' ? replica : undefined
}

function parseCommits(key: number, bytes: Uint8Array): readonly LoggedCommit[] {
  const view = parseRecord(key, bytes)
  const record = view instanceof HeadwaterError ? view : openRecord(view)
  if (record instanceof HeadwaterError) throw record
  return record.commits.map((commit) => parseOne(commit.firstOffset, commitBytes(record.view, commit)))
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
      data: type.encoding === ENCODING.json ? JSON.parse(textOf(bytes, at, length)) : {},
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
