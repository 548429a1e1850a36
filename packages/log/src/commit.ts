/**
 * The grammar of a commit, the atomic unit in the log and on the wire (FORMAT.md, "commit"): a header, then the events
 * section. Its *head* (header, table of types and index) and its *bodies* are two runs of bytes, so that a body can later
 * be erased without touching the head, and a stored record can keep the bodies of many commits together.
 *
 * A commit is its author's bytes: written once, never encoded again, only forwarded. Parsing refuses by name what breaks
 * the grammar (`COMMIT_DAMAGED`) or asks for more than this build knows (`FORMAT_NEWER`); it never casts.
 */
import { readU16, readU32, readU64, writeU16, writeU32, writeU64 } from './bytes.ts'
import { MAX_COMMIT_BYTES, MAX_COMMIT_EVENTS, MAX_HEADER_BYTES } from './draft.ts'
import type { PackedDrafts } from './encode-drafts.ts'
import { HeadwaterError } from './error.ts'
import { parseEventsIndex, type TypeEntry } from './events-section.ts'
import {
  bytesToId,
  type CommitId,
  type ReplicaId,
  type Sequence,
  type Timestamp,
  writeId,
} from './identity.ts'
import { parseReplaced, REPLACES, type Replaced } from './replaces.ts'

/** The version of the commit grammar that this build writes. */
export const COMMIT_VERSION = 1

/** An entry of a header's extension map. Who does not know a critical one refuses the commit, others are passed over. */
export interface Extension {
  /** 0 to 32,767. */
  readonly id: number
  readonly critical: boolean
  readonly value: Uint8Array
}

/** What a commit says of itself. */
export interface CommitHeader {
  readonly replica: ReplicaId
  readonly commitId: CommitId
  readonly firstSequence: Sequence
  readonly timestamp: Timestamp
  /** Which key its bodies are encrypted with; 0 = clear, the only one that this build reads. */
  readonly keyId?: number
  /** Made from a file or another source, by a rule that makes the same commit everywhere. */
  readonly derived?: boolean
  readonly extensions?: readonly Extension[]
}

/** A parsed head. Positions count from the start of `bytes`. */
export interface CommitHead extends Required<CommitHeader> {
  readonly bytes: Uint8Array
  readonly count: number
  readonly types: readonly TypeEntry[]
  readonly indexAt: number
  /** Where the head ends; in a whole commit the bodies follow. */
  readonly bodiesAt: number
  readonly bodiesLength: number
}

/** A commit in its two runs of bytes. */
export interface CommitParts {
  readonly head: Uint8Array
  readonly bodies: Uint8Array
}

/** A header with what a commit's events make of it. */
export interface CountedHeader extends CommitHeader {
  readonly count: number
}

/** A commit on its way into a record. With a header, `head` still lacks it: it is written when the record is. */
export interface CommitContent extends CommitParts {
  readonly header?: CountedHeader | undefined
}

/** Bytes of a header without extensions. */
export const HEADER_BYTES = 50
/** Where in a commit the length of its header stands. */
export const HEADER_LENGTH_AT = 2
/** Bytes of an extension besides its value. */
export const EXTENSION_FIXED_BYTES = 4
const DERIVED = 1
const KNOWN_FLAGS = DERIVED
const CRITICAL = 0x8000

/** Puts a header in front of packed drafts. */
export function encodeCommit(header: CommitHeader, { head, bodies, count }: PackedDrafts): Uint8Array {
  const content = { header: { ...header, count }, head, bodies }
  const bodiesAt = headLength(content)
  const bytes = new Uint8Array(bodiesAt + bodies.length)
  writeHead(content, bytes, 0)
  bytes.set(bodies, bodiesAt)
  return bytes
}

/** Bytes of a commit's head. */
export function headLength({ header, head }: CommitContent): number {
  return header ? headerLength(header) + head.length : head.length
}

/** Writes a commit's head into `target` at `at`. */
export function writeHead({ header, head }: CommitContent, target: Uint8Array, at: number): void {
  if (!header) {
    target.set(head, at)
    return
  }
  const length = headerLength(header)
  writeHeader(target, at, header, length)
  if (header.extensions) writeExtensions(target, at + HEADER_BYTES, header.extensions)
  target.set(head, at + length)
}

function headerLength({ extensions }: CommitHeader): number {
  return extensions
    ? extensions.reduce((sum, { value }) => sum + 4 + value.length, HEADER_BYTES)
    : HEADER_BYTES
}

/** Head and bodies in one run of bytes. */
export function joinCommit({ head, bodies }: CommitParts): Uint8Array {
  const bytes = new Uint8Array(head.length + bodies.length)
  bytes.set(head)
  bytes.set(bodies, head.length)
  return bytes
}

/** Reads a whole commit, or refuses it with `COMMIT_DAMAGED` or `FORMAT_NEWER`. */
export function parseCommit(bytes: Uint8Array): CommitHead | HeadwaterError {
  if (bytes.length > MAX_COMMIT_BYTES) return damaged(`it has ${bytes.length} bytes`)
  const head = parseHead(bytes)
  if (head instanceof HeadwaterError) return head
  const missing = head.bodiesAt + head.bodiesLength - bytes.length
  return missing === 0
    ? head
    : damaged(missing > 0 ? `${missing} bytes are missing` : `${-missing} bytes are too many`)
}

/** Reads a head; the bodies need not follow it. */
export function parseHead(bytes: Uint8Array): CommitHead | HeadwaterError {
  const header = parseHeader(bytes)
  if (header instanceof HeadwaterError) return header
  const index = parseEventsIndex(bytes, header.end, header.count)
  return index ? { ...header, ...index, bytes } : damaged('its table of events is cut or broken')
}

function writeHeader(target: Uint8Array, at: number, header: CountedHeader, length: number): void {
  target[at] = COMMIT_VERSION
  target[at + 1] = header.derived ? DERIVED : 0
  writeU16(target, at + 2, length)
  writeId(header.replica, target, at + 4)
  writeId(header.commitId, target, at + 16)
  writeU64(target, at + 28, header.firstSequence)
  writeU64(target, at + 36, header.timestamp)
  writeU16(target, at + 44, header.count)
  writeU32(target, at + 46, header.keyId ?? 0)
}

function writeExtensions(target: Uint8Array, from: number, extensions: readonly Extension[]): void {
  let at = from
  for (const { id, critical, value } of extensions) {
    writeU16(target, at, id | (critical ? CRITICAL : 0))
    writeU16(target, at + 2, value.length)
    target.set(value, at + 4)
    at += 4 + value.length
  }
}

type Header = Required<CommitHeader> & { readonly count: number; readonly end: number }

function parseHeader(bytes: Uint8Array): Header | HeadwaterError {
  if (bytes.length < HEADER_BYTES) return damaged('it is shorter than a header')
  if (bytes[0]! > COMMIT_VERSION) return newer(`version ${bytes[0]!}`)
  if (bytes[0]! < 1) return damaged('it has no version')
  if (bytes[1]! & ~KNOWN_FLAGS) return newer(`flags ${bytes[1]!}`)
  const end = readU16(bytes, 2)
  if (end < HEADER_BYTES || end > MAX_HEADER_BYTES || end > bytes.length)
    return damaged('its header has a wrong length')
  const extensions = end === HEADER_BYTES ? NO_EXTENSIONS : parseExtensions(bytes, end)
  if (!extensions) return damaged('its extensions are cut')
  const refusal = extensions.length > 0 ? refusalOf(extensions) : undefined
  if (refusal) return refusal
  return parseFields(bytes, end, extensions)
}

function refusalOf(extensions: readonly Extension[]): HeadwaterError | undefined {
  for (const extension of extensions) {
    if (!extension.critical) continue
    if (extension.id !== REPLACES) return newer(`the extension ${extension.id}`)
    if (!parseReplaced(extension.value)) return damaged('what it replaces cannot be read')
  }
  return undefined
}

/** The last sequence in a commit. */
export function lastSequenceOf({
  firstSequence,
  count,
}: Pick<CommitHead, 'firstSequence' | 'count'>): Sequence {
  return (firstSequence + count - 1) as Sequence
}

/** The commits that a commit replaces, the oldest first. */
export function replacesOf({ extensions }: Pick<CommitHead, 'extensions'>): readonly Replaced[] {
  if (extensions.length === 0) return NO_REPLACED
  return extensions.flatMap(({ id, critical, value }) =>
    critical && id === REPLACES ? (parseReplaced(value) ?? []) : [],
  )
}

const NO_REPLACED: readonly Replaced[] = []
/** Most commits have none. */
export const NO_EXTENSIONS: readonly Extension[] = []

function parseFields(
  bytes: Uint8Array,
  end: number,
  extensions: readonly Extension[],
): Header | HeadwaterError {
  const firstSequence = readU64(bytes, 28)
  const timestamp = readU64(bytes, 36)
  const count = readU16(bytes, 44)
  if (count < 1 || count > MAX_COMMIT_EVENTS) return damaged(`it counts ${count} events`)
  if (firstSequence < 1 || !Number.isSafeInteger(firstSequence + count))
    return damaged('its sequence is no count')
  if (timestamp < 1 || !Number.isSafeInteger(timestamp)) return damaged('its timestamp is no time')
  return {
    replica: bytesToId(bytes, 4) as ReplicaId, // any 12 bytes spell an id
    commitId: bytesToId(bytes, 16) as CommitId,
    firstSequence: firstSequence as Sequence, // a safe integer from 1 on, as checked above
    timestamp: timestamp as Timestamp,
    count,
    keyId: readU32(bytes, 46),
    derived: (bytes[1]! & DERIVED) !== 0,
    extensions,
    end,
  }
}

function parseExtensions(bytes: Uint8Array, end: number): readonly Extension[] | undefined {
  const extensions: Extension[] = []
  for (let at = HEADER_BYTES; at < end; ) {
    const tag = readU16(bytes, at)
    const next = at + 4 + readU16(bytes, at + 2)
    if (at + 4 > end || next > end) return undefined
    const value = bytes.slice(at + 4, next)
    extensions.push({ id: tag & ~CRITICAL, critical: (tag & CRITICAL) !== 0, value })
    at = next
  }
  return extensions
}

function damaged(why: string): HeadwaterError {
  return new HeadwaterError('COMMIT_DAMAGED', `A commit cannot be read: ${why}.`, {
    hint: 'Its bytes were changed on their way; ask its sender again.',
  })
}

function newer(what: string): HeadwaterError {
  return new HeadwaterError('FORMAT_NEWER', `A commit has ${what}, which this build does not know.`, {
    hint: 'A newer build wrote it: update this app.',
  })
}
