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

/** What the commit replaces, the oldest first. */
export function replacedBy(head: CommitHead): readonly Replaced[] | 'damaged' {
  const all = head.extensions.filter(({ id }) => id === REPLACES).map(({ value }) => parseReplaced(value))
  return all.every((one) => one !== undefined) ? all : 'damaged'
}

function parseReplaced(value: Uint8Array): Replaced | undefined {
  if (value.length !== VALUE_BYTES) return undefined
  const sequence = readU64(value, 12)
  if (sequence < 1 || !Number.isSafeInteger(sequence)) return undefined
  return {
    replica: bytesToId(value, 0) as ReplicaId, // any 12 bytes spell an id
    sequence: sequence as Sequence, // a safe integer from 1 on, as checked above
    hash: value.slice(20),
  }
}
