/**
 * The grammar of a stored chain vector (FORMAT.md, "chains"): under the offset up to which it is folded, the version of the
 * voids that it was folded under, and an entry for each replica. It saves time and is never needed: one that cannot be read
 * is passed over.
 */
import { readU32, readU64, writeU32, writeU64 } from '../bytes.ts'
import { crc32 } from '../crc32.ts'
import { bytesToId, type Offset, type ReplicaId, type Sequence, writeId } from '../identity.ts'
import type { ChainState } from './chain-fold.ts'
import { type ChainEntry, HASH_BYTES } from './chain-vector.ts'

const FIXED_BYTES = 12
const ID_BYTES = 12
const ENTRY_BYTES = ID_BYTES + 8 + HASH_BYTES
/** Bytes of commits between two checkpoints, at least. */
export const CHECKPOINT_BYTES = 1_048_576
/** … and so many times its own size. */
const TIMES_OWN_SIZE = 16

/** How many bytes of commits lie between this checkpoint and the next. */
export function distanceFor({ entries }: ChainState): number {
  return Math.max(CHECKPOINT_BYTES, entries.size * ENTRY_BYTES * TIMES_OWN_SIZE)
}

/** Writes a checkpoint; its offset is its key. */
export function encodeCheckpoint({ version, entries }: ChainState): Uint8Array {
  const bytes = new Uint8Array(FIXED_BYTES + entries.size * ENTRY_BYTES)
  writeU64(bytes, 4, version)
  let at = FIXED_BYTES
  for (const [replica, { sequence, hash }] of entries) {
    writeId(replica, bytes, at)
    writeU64(bytes, at + ID_BYTES, sequence)
    bytes.set(hash, at + ID_BYTES + 8)
    at += ENTRY_BYTES
  }
  writeU32(bytes, 0, crc32(bytes.subarray(4)))
  return bytes
}

/** Reads the checkpoint stored under `key`; undefined when it is none. */
export function parseCheckpoint(key: unknown, bytes: unknown): ChainState | undefined {
  if (!(bytes instanceof Uint8Array) || bytes.length < FIXED_BYTES || !Number.isSafeInteger(key))
    return undefined
  if ((bytes.length - FIXED_BYTES) % ENTRY_BYTES !== 0 || readU32(bytes, 0) !== crc32(bytes.subarray(4)))
    return undefined
  const entries = new Map<ReplicaId, ChainEntry>()
  for (let at = FIXED_BYTES; at < bytes.length; at += ENTRY_BYTES) {
    const sequence = readU64(bytes, at + ID_BYTES) as Sequence // covered by the checksum
    const hash = bytes.slice(at + ENTRY_BYTES - HASH_BYTES, at + ENTRY_BYTES)
    entries.set(bytesToId(bytes, at) as ReplicaId, { sequence, hash })
  }
  return { offset: Number(key) as Offset, version: readU64(bytes, 4), entries }
}
