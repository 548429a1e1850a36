/**
 * The hub's envelope: what the hub says about a commit, beside the author's bytes and outside their hash. Clients carry it
 * without reading it; a restored hub believes it by its stamp alone. Extensible: readers take what they know and leave
 * the rest, so that later verdicts and signatures find room.
 *
 * ```
 * envelope := version:u8 = 1 ‖ verdict:u8 (0 = accepted) ‖ position:u64 ‖ receivedMs:u64
 *           ‖ stamp:32 ‖ length:u16 ‖ subject:length (UTF-8) ‖ later additions
 * ```
 */
import type { Position } from '@headwater/replication'
import { readU16, readU64, writeU16, writeU64 } from './numbers.ts'

/** What an envelope says. */
export interface Envelope {
  readonly position: Position
  /** When the hub took the commit; milliseconds since 1970. */
  readonly receivedMs: number
  /** Whose the commit is. */
  readonly subject: string
  readonly verdict: 'accepted'
  /** HMAC over workspace, replica, subject, sequence and hash (`stamp.ts`); 32 bytes. */
  readonly stamp: Uint8Array
}

/** The longest envelope that is taken from a sender. */
export const MAX_ENVELOPE_BYTES = 1_024
/** The longest subject, in bytes of UTF-8. */
export const MAX_SUBJECT_BYTES = 256

const VERSION = 1
const STAMP_AT = 18
const SUBJECT_AT = 52

/** Writes an envelope. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  const subject = new TextEncoder().encode(envelope.subject)
  const bytes = new Uint8Array(SUBJECT_AT + subject.length)
  bytes[0] = VERSION
  writeU64(bytes, 2, envelope.position)
  writeU64(bytes, 10, envelope.receivedMs)
  bytes.set(envelope.stamp, STAMP_AT)
  writeU16(bytes, STAMP_AT + 32, subject.length)
  bytes.set(subject, SUBJECT_AT)
  return bytes
}

/** Reads an envelope that a sender kept; undefined when it is none that this build knows. */
export function parseEnvelope(bytes: Uint8Array): Envelope | undefined {
  if (bytes.length < SUBJECT_AT || bytes.length > MAX_ENVELOPE_BYTES) return undefined
  if (bytes[0] !== VERSION || bytes[1] !== 0) return undefined
  const end = SUBJECT_AT + readU16(bytes, STAMP_AT + 32)
  if (end > bytes.length) return undefined
  return {
    position: readU64(bytes, 2) as Position, // says where it was, nothing is read at it
    receivedMs: readU64(bytes, 10),
    subject: new TextDecoder().decode(bytes.subarray(SUBJECT_AT, end)),
    verdict: 'accepted',
    stamp: bytes.slice(STAMP_AT, STAMP_AT + 32),
  }
}
