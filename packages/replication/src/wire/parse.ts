/**
 * Frames as messages: the grammar in PROTOCOL.md ("frames"), read. It takes what it was written for or refuses it by name,
 * whatever bytes it is handed, and allocates no more than the frame holds.
 */
import {
  HeadwaterError,
  MAX_COMMIT_BYTES,
  MAX_COMMIT_EVENTS,
  MAX_ENVELOPE_BYTES,
  type ReplicaId,
  type Sequence,
} from '@headwater/log'
import { isCodeText, peerError, textToCode } from '../codes.ts'
import * as limits from '../limits.ts'
import type {
  ChainEnd,
  Commits,
  Facts,
  Hashes,
  Hello,
  Message,
  Position,
  Role,
  SentCommit,
  StreamId,
} from '../messages.ts'
import { createFieldReader, type FieldReader, Misread } from './fields.ts'
import { HASH_BYTES, ROLES } from './type-bytes.ts'

/**
 * The message in a frame of at most `maxBytes`. Commits keep the frame's own bytes, which the caller must not change.
 * Refusals: `FRAME_TOO_LARGE`, `FRAME_INVALID`, `COMMIT_DAMAGED`, `FORMAT_NEWER`.
 */
export function parseMessage(
  frame: Uint8Array,
  maxBytes: number = limits.MAX_FRAME_BYTES,
): Message | HeadwaterError {
  if (frame.length > maxBytes) return tooLarge(frame.length, maxBytes)
  try {
    const reader = createFieldReader(frame)
    const message = readBody(reader)
    reader.end()
    return message
  } catch (error) {
    if (error instanceof Misread) return invalid(error.message)
    if (error instanceof HeadwaterError) return error
    throw error
  }
}

function readBody(reader: FieldReader): Message {
  const byte = reader.u8()
  const read = READERS[byte]
  if (!read) throw new Misread(`no message has the type ${byte}`)
  return read(reader)
}

const READERS: Readonly<Partial<Record<number, (reader: FieldReader) => Message>>> = {
  1: readHello,
  2: (reader) => ({
    type: 'vector',
    total: reader.u32(),
    entries: readVector(reader, limits.MAX_VECTOR_PART_ENTRIES),
  }),
  3: readCommits,
  4: (reader) => ({ type: 'ack', through: readPosition(reader), grantedBytes: reader.u32() }),
  5: (reader) => ({
    type: 'refused-commit',
    replica: readReplica(reader),
    firstSequence: readSequence(reader),
    lastSequence: readSequence(reader),
    ...readRefusal(reader),
  }),
  6: (reader) => ({ type: 'probe', replica: readReplica(reader), sequences: readSequences(reader) }),
  7: (reader) => ({ type: 'hashes', replica: readReplica(reader), hashes: readHashes(reader) }),
  8: () => ({ type: 'reset' }),
  9: (reader) => ({
    type: 'omitted',
    replica: readReplica(reader),
    from: readSequence(reader),
    to: readSequence(reader),
    closing: reader.raw(HASH_BYTES),
    reason: reader.text(limits.MAX_SENTENCE_BYTES),
  }),
  10: (reader) => ({ type: 'presence', state: reader.bytes16(limits.MAX_PRESENCE_BYTES) }),
  11: () => ({ type: 'ping' }),
  12: (reader) => ({ type: 'pong', timeMs: reader.u64() }),
  13: (reader) => ({
    type: 'bye',
    code: textToCode(readCode(reader)),
    sentence: reader.text(limits.MAX_SENTENCE_BYTES),
  }),
}

function readHello(reader: FieldReader): Hello {
  const versions = [reader.u16(), reader.u16()] as const
  if (versions[0] < 1 || versions[0] > versions[1]) throw new Misread('its versions are no range')
  return {
    type: 'hello',
    versions,
    features: times(reader.count(limits.MAX_FEATURES), () => reader.text(limits.MAX_FEATURE_BYTES)),
    limits: { frameBytes: readLimit(reader), windowBytes: readLimit(reader) },
    role: readRole(reader),
    stream: reader.id() as StreamId, // any 12 bytes spell an id
    replica: readReplica(reader),
    workspace: reader.text(limits.MAX_WORKSPACE_BYTES),
    token: reader.text(limits.MAX_TOKEN_BYTES),
    timeMs: reader.u64(),
    resume: readFlag(reader)
      ? {
          stream: reader.id() as StreamId, // any 12 bytes spell an id
          position: readPosition(reader),
          mark: reader.bytes16(limits.MAX_MARK_BYTES),
        }
      : undefined,
    base: new Map(readVector(reader, limits.MAX_BASE_ENTRIES)),
  }
}

function readLimit(reader: FieldReader): number {
  const bytes = reader.u32()
  if (bytes < limits.MIN_FRAME_BYTES)
    throw new Misread(`a limit of ${bytes} bytes does not let a commit through`)
  return bytes
}

function readRole(reader: FieldReader): Role {
  const role = ROLES[reader.u8()]
  if (!role) throw new Misread('its role is unknown')
  return role
}

function readVector(reader: FieldReader, max: number): readonly (readonly [ReplicaId, ChainEnd])[] {
  return times(reader.count(max), () => [
    readReplica(reader),
    { sequence: readSequence(reader), hash: reader.raw(HASH_BYTES) },
  ])
}

function readCommits(reader: FieldReader): Commits {
  const through = readPosition(reader)
  const mark = reader.bytes16(limits.MAX_MARK_BYTES)
  let before = 0
  const commits = times(reader.count(limits.MAX_FRAME_COMMITS), () => {
    const commit = readCommit(reader)
    if (commit.position <= before) throw new Misread('its positions do not ascend')
    before = commit.position
    return commit
  })
  if (before > through) throw new Misread('a commit lies beyond the position that it reaches')
  return { type: 'commits', through, mark, commits }
}

function readCommit(reader: FieldReader): SentCommit {
  const position = readPosition(reader)
  const previous = reader.raw(HASH_BYTES)
  const envelope = reader.bytes16(MAX_ENVELOPE_BYTES)
  const bytes = reader.bytes32(MAX_COMMIT_BYTES)
  return { position, previous, envelope, bytes, ...peekCommit(bytes) }
}

/** Who wrote a commit and which sequences, from the fixed part of its header (FORMAT.md); the log reads all of it. */
export function peekCommit(
  bytes: Uint8Array,
): Pick<SentCommit, 'replica' | 'firstSequence' | 'lastSequence'> {
  const reader = createFieldReader(bytes)
  const version = reader.u8()
  if (version !== 1) throw version > 1 ? newer(version) : new Misread('a commit has no version')
  reader.raw(3) // flags, length of the header
  const replica = readReplica(reader)
  reader.raw(12) // commit id
  const firstSequence = readSequence(reader)
  reader.raw(8) // timestamp
  const count = reader.u16()
  if (count < 1 || count > MAX_COMMIT_EVENTS || firstSequence < 1)
    throw new Misread('a commit counts wrongly')
  return { replica, firstSequence, lastSequence: (firstSequence + count - 1) as Sequence }
}

function readRefusal(reader: FieldReader): {
  readonly code: ReturnType<typeof textToCode>
  readonly facts: Facts
} {
  const text = readCode(reader)
  const facts = readFacts(reader)
  const code = textToCode(text)
  return { code, facts: code === 'PEER_REFUSED' ? { ...facts, code: text } : facts }
}

function readCode(reader: FieldReader): string {
  const text = reader.text(limits.MAX_CODE_BYTES)
  if (!isCodeText(text)) throw new Misread('a code is not spelled as one')
  return text
}

function readFacts(reader: FieldReader): Facts {
  const facts = parseJson(reader.text(limits.MAX_FACTS_BYTES))
  if (typeof facts !== 'object' || facts === null || Array.isArray(facts))
    throw new Misread('facts are no object')
  const entries = Object.entries(facts)
  if (!entries.every((entry): entry is [string, Facts[string]] => isFact(entry[1])))
    throw new Misread('a fact is no plain value')
  return Object.fromEntries(entries)
}

function isFact(value: unknown): value is Facts[string] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Misread('facts are no JSON')
  }
}

function readSequences(reader: FieldReader): readonly Sequence[] {
  return times(reader.count(limits.MAX_PROBE_SEQUENCES), () => readSequence(reader))
}

function readHashes(reader: FieldReader): Hashes['hashes'] {
  return times(reader.count(limits.MAX_PROBE_SEQUENCES), () => [
    readSequence(reader),
    readFlag(reader) ? reader.raw(HASH_BYTES) : undefined,
  ])
}

function readFlag(reader: FieldReader): boolean {
  const flag = reader.u8()
  if (flag > 1) throw new Misread('a flag is neither 0 nor 1')
  return flag === 1
}

function readReplica(reader: FieldReader): ReplicaId {
  return reader.id() as ReplicaId // any 12 bytes spell an id
}

function readSequence(reader: FieldReader): Sequence {
  const sequence = reader.u64()
  if (sequence < 1 || !Number.isSafeInteger(sequence + MAX_COMMIT_EVENTS))
    throw new Misread('a sequence is no count')
  return sequence as Sequence
}

function readPosition(reader: FieldReader): Position {
  return reader.u64() as Position // a safe integer from 0 on
}

function times<T>(count: number, make: () => T): readonly T[] {
  const made: T[] = []
  while (made.length < count) made.push(make())
  return made
}

function invalid(why: string): HeadwaterError {
  return peerError('FRAME_INVALID', `A frame cannot be read: ${why}.`)
}

function tooLarge(bytes: number, maxBytes: number): HeadwaterError {
  const sentence = `A frame has ${bytes} bytes, over the limit of ${maxBytes}.`
  return peerError('FRAME_TOO_LARGE', sentence, { bytes, maxBytes })
}

function newer(version: number): HeadwaterError {
  const sentence = `A commit has version ${version}, which this build does not know.`
  return peerError('FORMAT_NEWER', sentence, { version })
}
