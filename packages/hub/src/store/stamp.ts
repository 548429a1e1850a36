/**
 * The hub's stamp: an HMAC that says "this commit is `subject`'s", verifiable by whoever holds the key, which lies outside
 * the data directory. So a hub restored from an old backup takes a lost commit from anybody who relays it and still
 * binds the replica to its author, and who steals the data alone can forge nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type ReplicaId, type Sequence, writeId } from '@headwater/log'
import { writeU16, writeU64 } from './numbers.ts'

/** Bytes of a stamp and of its key. */
export const STAMP_BYTES = 32

/** What a stamp binds together. */
export interface Stamped {
  readonly workspace: string
  readonly replica: ReplicaId
  /** Last sequence of the commit. */
  readonly sequence: Sequence
  /** Chain hash after the commit. */
  readonly hash: Uint8Array
  readonly subject: string
}

/** HMAC-SHA-256 over `"headwater-stamp-1" ‖ u16 ‖ workspace ‖ replica:12 ‖ u16 ‖ subject ‖ sequence:u64 ‖ hash:32`. */
export function makeStamp(key: Uint8Array, stamped: Stamped): Uint8Array {
  const tail = new Uint8Array(20 + stamped.hash.length)
  writeId(stamped.replica, tail, 0)
  writeU64(tail, 12, stamped.sequence)
  tail.set(stamped.hash, 20)
  return new Uint8Array(
    createHmac('sha256', key)
      .update('headwater-stamp-1')
      .update(withLength(stamped.workspace))
      .update(tail.subarray(0, 12))
      .update(withLength(stamped.subject))
      .update(tail.subarray(12))
      .digest(),
  )
}

/** Whether `stamp` was made with this key for just this; takes the same time whatever differs. */
export function isStamp(stamp: Uint8Array, key: Uint8Array, stamped: Stamped): boolean {
  return stamp.length === STAMP_BYTES && timingSafeEqual(stamp, makeStamp(key, stamped))
}

function withLength(text: string): Uint8Array {
  const utf8 = new TextEncoder().encode(text)
  const bytes = new Uint8Array(2 + utf8.length)
  writeU16(bytes, 0, utf8.length)
  bytes.set(utf8, 2)
  return bytes
}
