/**
 * The grammar of a stored record: what IndexedDB holds under one key (FORMAT.md, "record"). One or more whole commits, and
 * with them all that the log's head needs: clock, version vector entries, counts. A CRC-32 covers everything, so that a
 * damaged or cut record is told from a whole one. The heads of its commits come first, then the bodies of all of them in
 * one run, which a reader decodes by a single call.
 */
import { readU32, readU64, writeU32, writeU64 } from './bytes.ts'
import {
  type CommitContent,
  type CommitHead,
  type CommitParts,
  headLength,
  joinCommit,
  parseHead,
  writeHead,
} from './commit.ts'
import { crc32 } from './crc32.ts'
import { MAX_COMMIT_EVENTS } from './draft.ts'
import { HeadwaterError } from './error.ts'
import { bytesToId, type Offset, type ReplicaId, type Sequence, type Timestamp, writeId } from './identity.ts'
import { encodeMarker, parseMarker } from './marker.ts'
import type { VectorEntry } from './version-vector.ts'
import type { VoidRange } from './voids.ts'

/** The version of the record grammar that this build writes. */
export const RECORD_VERSION = 1
/** The most events in a record, so that a damaged one is known to cover no more than this. */
export const MAX_RECORD_EVENTS: number = MAX_COMMIT_EVENTS

/** What a record is made of. */
export interface RecordContent {
  readonly firstOffset: Offset
  /** Events in all its commits. */
  readonly count: number
  /** The hybrid logical clock's high-water mark after it. */
  readonly clock: Timestamp
  /** Whether `vector` is all of the version vector after it, or only the entries that it changed. */
  readonly whole: boolean
  readonly vector: readonly VectorEntry[]
  /** Bytes of all records before it, as they were appended. */
  readonly bytesBefore: number
  readonly commits: readonly CommitContent[]
  /** What a marker voids; it has no commits, and counts as one event. */
  readonly marker?: readonly VoidRange[]
}

/** A commit inside a record. */
export interface RecordCommit {
  readonly firstOffset: Offset
  readonly head: CommitHead
  /** Where in the record its bodies begin. */
  readonly bodiesAt: number
  /** How many events of the record come before it. */
  readonly firstPlace: number
}

/** A parsed record. Its commits are parsed when they are asked for. */
export interface RecordView extends Omit<RecordContent, 'commits'> {
  readonly bytes: Uint8Array
  /** The offset of its last event. */
  readonly lastOffset: Offset
  readonly commitCount: number
  /** Where the heads begin, and where the bodies do. */
  readonly headsAt: number
  readonly bodiesAt: number
}

const MAGIC = 0x5748 // the bytes "HW"
const FIXED_BYTES = 48
const CRC_FROM = 8
const WHOLE = 1
const MARKER = 2
const VECTOR_ENTRY_BYTES = 20

/** Writes a record. */
export function encodeRecord(content: RecordContent): Uint8Array {
  const { vector, commits } = content
  const headsAt = FIXED_BYTES + vector.length * VECTOR_ENTRY_BYTES
  const marker = content.marker && encodeMarker(content.marker)
  let bodiesAt = headsAt
  for (const commit of commits) bodiesAt += 4 + headLength(commit)
  let end = bodiesAt + (marker?.length ?? 0)
  for (const { bodies } of commits) end += bodies.length
  const bytes = new Uint8Array(end)
  if (marker) bytes.set(marker, bodiesAt)
  writeFixed(bytes, content, bodiesAt)
  vector.forEach(([replica, sequence], i) => {
    writeId(replica, bytes, FIXED_BYTES + i * VECTOR_ENTRY_BYTES)
    writeU64(bytes, FIXED_BYTES + i * VECTOR_ENTRY_BYTES + 12, sequence)
  })
  writeCommits(bytes, commits, headsAt, bodiesAt)
  writeU32(bytes, 4, checksum(bytes))
  return bytes
}

/**
 * Reads the record stored under `key`. Refusals: `RECORD_DAMAGED` with the facts `offset` and `throughOffset` (the last
 * offset that it may cover), `FORMAT_NEWER`.
 */
export function parseRecord(key: number, bytes: unknown): RecordView | HeadwaterError {
  if (!(bytes instanceof Uint8Array)) return damagedRecord(key, 'it is not a run of bytes')
  if (bytes.length < FIXED_BYTES) return damagedRecord(key, 'it is cut')
  if ((bytes[0]! | (bytes[1]! << 8)) !== MAGIC) return damagedRecord(key, 'its first bytes are none of ours')
  if (bytes[2]! > RECORD_VERSION) return newerRecord(key, bytes[2]!)
  if (readU32(bytes, 4) !== checksum(bytes)) return damagedRecord(key, 'its checksum is wrong')
  if (bytes[3]! & ~(WHOLE | MARKER)) return newerRecord(key, bytes[2]!)
  return parseFixed(key, bytes) ?? damagedRecord(key, 'its fields contradict each other')
}

/** The commits of a record, in order, or the refusal of the first that cannot be read. */
export function recordCommits(record: RecordView): readonly RecordCommit[] | HeadwaterError {
  if (record.marker) return []
  const commits: RecordCommit[] = []
  let firstOffset: number = record.firstOffset
  let bodiesAt = record.bodiesAt
  for (let at = record.headsAt; at < record.bodiesAt; ) {
    const end = at + 4 + readU32(record.bytes, at)
    const head = end > record.bodiesAt ? undefined : parseHead(record.bytes.subarray(at + 4, end))
    if (!head || head instanceof HeadwaterError)
      return head ?? damagedRecord(record.firstOffset, 'a commit is cut')
    const firstPlace = firstOffset - record.firstOffset
    commits.push({ firstOffset: firstOffset as Offset, head, bodiesAt, firstPlace })
    firstOffset += head.count
    bodiesAt += head.bodiesLength
    at = end
  }
  const agrees = firstOffset === record.firstOffset + record.count && bodiesAt === record.bytes.length
  return agrees ? commits : damagedRecord(record.firstOffset, 'its commits do not add up')
}

/** The two runs of a commit's bytes, inside the record. */
export function partsOf(record: RecordView, { head, bodiesAt }: RecordCommit): CommitParts {
  return {
    head: head.bytes.subarray(0, head.bodiesAt),
    bodies: record.bytes.subarray(bodiesAt, bodiesAt + head.bodiesLength),
  }
}

/** A commit's bytes as its author wrote them, copied out of the record. */
export function commitBytes(record: RecordView, commit: RecordCommit): Uint8Array {
  return joinCommit(partsOf(record, commit))
}

/** The refusal of a record that cannot be read. */
export function damagedRecord(key: number, why: string, nextKey?: number): HeadwaterError {
  const throughOffset = Math.min(key + MAX_RECORD_EVENTS, nextKey ?? Number.MAX_SAFE_INTEGER) - 1
  return new HeadwaterError('RECORD_DAMAGED', `The stored record at offset ${key} cannot be read: ${why}.`, {
    hint: 'The events in it are lost on this device unless another replica holds them; all others stay readable.',
    facts: { offset: key, throughOffset, why },
  })
}

function newerRecord(key: number, version: number): HeadwaterError {
  const message = `The stored record at offset ${key} has format ${version}; this build knows ${RECORD_VERSION}.`
  return new HeadwaterError('FORMAT_NEWER', message, {
    hint: 'A newer build of the app wrote it: reload the app. Nothing was changed.',
    facts: { offset: key, version, known: RECORD_VERSION },
  })
}

function checksum(bytes: Uint8Array): number {
  return crc32(bytes, CRC_FROM, crc32(bytes.subarray(0, 4)))
}

function writeFixed(bytes: Uint8Array, content: RecordContent, bodiesAt: number): void {
  bytes[0] = MAGIC & 255
  bytes[1] = MAGIC >>> 8
  bytes[2] = RECORD_VERSION
  bytes[3] = (content.whole ? WHOLE : 0) | (content.marker ? MARKER : 0)
  writeU64(bytes, 8, content.firstOffset)
  writeU64(bytes, 16, content.clock)
  writeU32(bytes, 24, content.count)
  writeU32(bytes, 28, content.commits.length)
  writeU32(bytes, 32, content.vector.length)
  writeU32(bytes, 36, bodiesAt)
  writeU64(bytes, 40, content.bytesBefore)
}

function writeCommits(
  bytes: Uint8Array,
  commits: readonly CommitContent[],
  headsAt: number,
  bodiesAt: number,
): void {
  let headAt = headsAt
  let bodyAt = bodiesAt
  for (const commit of commits) {
    const length = headLength(commit)
    writeU32(bytes, headAt, length)
    writeHead(commit, bytes, headAt + 4)
    bytes.set(commit.bodies, bodyAt)
    headAt += 4 + length
    bodyAt += commit.bodies.length
  }
}

function parseFixed(key: number, bytes: Uint8Array): RecordView | undefined {
  const firstOffset = readU64(bytes, 8)
  const clock = readU64(bytes, 16)
  const count = readU32(bytes, 24)
  const headsAt = FIXED_BYTES + readU32(bytes, 32) * VECTOR_ENTRY_BYTES
  const bodiesAt = readU32(bytes, 36)
  if (firstOffset !== key || !Number.isSafeInteger(firstOffset + count) || !Number.isSafeInteger(clock))
    return undefined
  if (count < 1 || count > MAX_RECORD_EVENTS || headsAt > bodiesAt || bodiesAt > bytes.length)
    return undefined
  const isMarker = (bytes[3]! & MARKER) !== 0
  const marker = isMarker ? parseMarker(bytes.subarray(bodiesAt), firstOffset) : undefined
  if (isMarker && (!marker || count !== 1 || headsAt !== bodiesAt)) return undefined
  return {
    ...(marker ? { marker } : {}),
    firstOffset: firstOffset as Offset, // safe integers, as checked above
    lastOffset: (firstOffset + count - 1) as Offset,
    count,
    clock: clock as Timestamp,
    whole: (bytes[3]! & WHOLE) !== 0,
    vector: parseVector(bytes, headsAt),
    bytesBefore: readU64(bytes, 40),
    commitCount: readU32(bytes, 28),
    headsAt,
    bodiesAt,
    bytes,
  }
}

function parseVector(bytes: Uint8Array, end: number): readonly VectorEntry[] {
  const entries: VectorEntry[] = []
  for (let at = FIXED_BYTES; at < end; at += VECTOR_ENTRY_BYTES) {
    entries.push([bytesToId(bytes, at) as ReplicaId, readU64(bytes, at + 12) as Sequence])
  }
  return entries
}
