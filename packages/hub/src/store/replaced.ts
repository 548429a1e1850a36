/**
 * What a reissued commit replaces (FORMAT.md, the header extension `replaces`): the replica, last sequence and chain hash
 * of the commit that could not stand.
 */
import { bytesToId, type CommitHead, type ReplicaId, type Sequence } from '@headwater/log'
import { readU64 } from './numbers.ts'

/** A commit named by where its replica's chain stood after it. */
export interface Replaced {
  readonly replica: ReplicaId
  readonly sequence: Sequence
  readonly hash: Uint8Array
}

const REPLACES = 1
const VALUE_BYTES = 52

/** What the commit replaces, if anything. */
export function replacedBy(head: CommitHead): Replaced | undefined | 'damaged' {
  const extension = head.extensions.find(({ id }) => id === REPLACES)
  if (extension === undefined) return undefined
  const { value } = extension
  if (value.length !== VALUE_BYTES) return 'damaged'
  const sequence = readU64(value, 12)
  if (sequence < 1 || !Number.isSafeInteger(sequence)) return 'damaged'
  return {
    replica: bytesToId(value, 0) as ReplicaId, // any 12 bytes spell an id
    sequence: sequence as Sequence, // a safe integer from 1 on, as checked above
    hash: value.slice(20),
  }
}
