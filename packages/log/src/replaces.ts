/**
 * The header extension `replaces`: a commit that takes the place of another one, which could not stand. Critical, so that
 * no build takes both for separate facts. A commit that was reissued several times carries one for each that it replaces,
 * the newest last, so that whoever holds any of them voids it.
 */
import { readU64, writeU64 } from './bytes.ts'
import { HASH_BYTES } from './chains/chain-vector.ts'
import { bytesToId, type ReplicaId, type Sequence, writeId } from './identity.ts'

/** The commit that is replaced. */
export interface Replaced {
  readonly replica: ReplicaId
  /** Its last sequence. */
  readonly sequence: Sequence
  /** Its chain hash. */
  readonly hash: Uint8Array
}

/** The extension's id in a header. */
export const REPLACES = 1
const ID_BYTES = 12
/** Bytes of the extension's value. */
export const REPLACED_BYTES = 52

/** The extension's value. */
export function encodeReplaced({ replica, sequence, hash }: Replaced): Uint8Array {
  const value = new Uint8Array(REPLACED_BYTES)
  writeId(replica, value, 0)
  writeU64(value, ID_BYTES, sequence)
  value.set(hash, REPLACED_BYTES - HASH_BYTES)
  return value
}

/** Reads the extension's value; undefined when it breaks the grammar. */
export function parseReplaced(value: Uint8Array): Replaced | undefined {
  if (value.length !== REPLACED_BYTES) return undefined
  const sequence = readU64(value, ID_BYTES)
  if (sequence < 1 || !Number.isSafeInteger(sequence)) return undefined
  const replica = bytesToId(value, 0) as ReplicaId // any 12 bytes spell an id
  return { replica, sequence: sequence as Sequence, hash: value.slice(REPLACED_BYTES - HASH_BYTES) }
}
