/**
 * Messages as frames: the grammar in PROTOCOL.md ("frames"), written. One message is one frame; its first byte is its type.
 * What is handed in is our own and within the limits; `parse.ts` is the side that trusts nobody.
 */
import { type ReplicaId, unreachable } from '@headwater/log'
import type {
  Ack,
  Bye,
  ChainEnd,
  Commits,
  Hashes,
  Hello,
  Message,
  Omitted,
  Probe,
  RefusedCommit,
  SentCommit,
  VectorPart,
} from '../messages.ts'
import { createFieldWriter, type FieldWriter } from './fields.ts'
import { HASH_BYTES, ROLES, TYPE_BYTES } from './type-bytes.ts'

/** The frame of a message. */
export function encodeMessage(message: Message): Uint8Array<ArrayBuffer> {
  const writer = createFieldWriter(
    message.type === 'commits' ? commitsFrameBytes(message) : SMALL_FRAME_BYTES,
  )
  writer.u8(TYPE_BYTES[message.type])
  writeBody(writer, message)
  return writer.finish()
}

/** Exactly the bytes of this message's frame: what it costs of the receiver's window. */
export function commitsFrameBytes({ mark, commits }: Pick<Commits, 'mark' | 'commits'>): number {
  return commits.reduce((sum, commit) => sum + sentCommitBytes(commit), COMMITS_FIXED_BYTES + mark.length)
}

/** What one commit adds to a frame. */
export function sentCommitBytes({ envelope, bytes }: Pick<SentCommit, 'envelope' | 'bytes'>): number {
  return SENT_COMMIT_FIXED_BYTES + envelope.length + bytes.length
}

const SMALL_FRAME_BYTES = 256
const COMMITS_FIXED_BYTES = 1 + 8 + 2 + 2
const SENT_COMMIT_FIXED_BYTES = 8 + HASH_BYTES + 2 + 4

function writeBody(writer: FieldWriter, message: Message): void {
  if (message.type === 'hello') writeHello(writer, message)
  else if (message.type === 'vector') writeVectorPart(writer, message)
  else if (message.type === 'commits') writeCommits(writer, message)
  else if (message.type === 'ack') writeAck(writer, message)
  else if (message.type === 'refused-commit') writeRefusal(writer, message)
  else if (message.type === 'probe') writeProbe(writer, message)
  else if (message.type === 'hashes') writeHashes(writer, message)
  else if (message.type === 'omitted') writeOmitted(writer, message)
  else if (message.type === 'presence') writer.bytes16(message.state)
  else if (message.type === 'pong') writer.u64(message.timeMs)
  else if (message.type === 'bye') writeBye(writer, message)
  else if (message.type !== 'reset' && message.type !== 'ping') unreachable(message)
}

function writeHello(writer: FieldWriter, hello: Hello): void {
  writer.u16(hello.versions[0])
  writer.u16(hello.versions[1])
  writer.u16(hello.features.length)
  for (const feature of hello.features) writer.text(feature)
  writer.u32(hello.limits.frameBytes)
  writer.u32(hello.limits.windowBytes)
  writer.u8(ROLES.indexOf(hello.role))
  writer.id(hello.stream)
  writer.id(hello.replica)
  writer.text(hello.workspace)
  writer.text(hello.token)
  writer.u64(hello.timeMs)
  writer.u8(hello.resume ? 1 : 0)
  if (hello.resume) {
    writer.id(hello.resume.stream)
    writer.u64(hello.resume.position)
    writer.bytes16(hello.resume.mark)
  }
  writeVector(writer, [...hello.base])
}

function writeVector(writer: FieldWriter, entries: readonly (readonly [ReplicaId, ChainEnd])[]): void {
  writer.u16(entries.length)
  for (const [replica, { sequence, hash }] of entries) {
    writer.id(replica)
    writer.u64(sequence)
    writer.raw(hash)
  }
}

function writeCommits(writer: FieldWriter, { through, mark, commits }: Commits): void {
  writer.u64(through)
  writer.bytes16(mark)
  writer.u16(commits.length)
  for (const { position, previous, envelope, bytes } of commits) {
    writer.u64(position)
    writer.raw(previous)
    writer.bytes16(envelope)
    writer.bytes32(bytes)
  }
}

function writeHashes(writer: FieldWriter, { replica, hashes }: Hashes): void {
  writer.id(replica)
  writer.u16(hashes.length)
  for (const [sequence, hash] of hashes) {
    writer.u64(sequence)
    writer.u8(hash ? 1 : 0)
    if (hash) writer.raw(hash)
  }
}

function writeVectorPart(writer: FieldWriter, { total, entries }: VectorPart): void {
  writer.u32(total)
  writeVector(writer, entries)
}

function writeAck(writer: FieldWriter, { through, grantedBytes }: Ack): void {
  writer.u64(through)
  writer.u32(grantedBytes)
}

function writeRefusal(writer: FieldWriter, refusal: RefusedCommit): void {
  writer.id(refusal.replica)
  writer.u64(refusal.firstSequence)
  writer.u64(refusal.lastSequence)
  writer.text(refusal.code)
  writer.text(JSON.stringify(refusal.facts))
}

function writeProbe(writer: FieldWriter, { replica, sequences }: Probe): void {
  writer.id(replica)
  writer.u16(sequences.length)
  for (const sequence of sequences) writer.u64(sequence)
}

function writeOmitted(writer: FieldWriter, { replica, from, to, closing, reason }: Omitted): void {
  writer.id(replica)
  writer.u64(from)
  writer.u64(to)
  writer.raw(closing)
  writer.text(reason)
}

function writeBye(writer: FieldWriter, { code, sentence }: Bye): void {
  writer.text(code)
  writer.text(sentence)
}
