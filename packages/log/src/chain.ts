/**
 * The chain hash: SHA-256 over the previous commit's chain hash, this commit's head and the digest of each body. One body can
 * later be erased or withheld without breaking the chain, because its digest stands for it. It is a function of the stored
 * bytes, for packing and for the first sending; the append path never computes it.
 */
import { readU32 } from './bytes.ts'
import { type CommitHead, parseCommit } from './commit.ts'
import { HeadwaterError } from './error.ts'
import { BODY_END_BYTES, INDEX_ENTRY_BYTES } from './events-section.ts'
import { sha256 } from './sha256.ts'

const HASH_BYTES = 32

/** The chain hash before a replica's first commit. */
export const CHAIN_START: Uint8Array = new Uint8Array(HASH_BYTES)

/** The chain hash after `commit`. Errors: those of `parseCommit`. */
export function chainHash(previous: Uint8Array, commit: Uint8Array): Uint8Array {
  const head = parseCommit(commit)
  if (head instanceof HeadwaterError) throw head
  return linkHash(previous, head, commit.subarray(head.bodiesAt))
}

/** The chain hash after a commit that has been parsed; `bodies` are its bodies as they are stored. */
export function linkHash(previous: Uint8Array, head: CommitHead, bodies: Uint8Array): Uint8Array {
  const { bytes, indexAt, bodiesAt } = head
  const linked = new Uint8Array(HASH_BYTES + bodiesAt + head.count * HASH_BYTES)
  linked.set(previous)
  linked.set(bytes.subarray(0, bodiesAt), HASH_BYTES)
  let to = HASH_BYTES + bodiesAt
  let at = 0
  for (let entry = indexAt; entry < bodiesAt; entry += INDEX_ENTRY_BYTES) {
    const end = at + readU32(bytes, entry + 2)
    linked.set(sha256(bodies.subarray(at, end)), to)
    to += HASH_BYTES
    at = end + BODY_END_BYTES
  }
  return sha256(linked)
}
