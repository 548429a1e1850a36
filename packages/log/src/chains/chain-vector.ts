/**
 * Chain vectors: a version vector that also says *which* events. For each replica the last standing sequence and the chain
 * hash of the commit that ends there. Two logs whose entries for a replica are equal hold the same commits of it; an equal
 * sequence with another hash is a fork.
 */
import type { ReplicaId, Sequence } from '../identity.ts'

/** How far a replica's standing commits reach, and what they are. */
export interface ChainEntry {
  /** The last sequence of the last commit. */
  readonly sequence: Sequence
  /** The chain hash of that commit, 32 bytes. Not to be changed. */
  readonly hash: Uint8Array
}

/** A chain entry for each replica of which anything stands. */
export interface ChainVector {
  readonly size: number
  get(replica: ReplicaId): ChainEntry | undefined
  entries(): IterableIterator<[ReplicaId, ChainEntry]>
}

/** Bytes of a chain hash. */
export const HASH_BYTES = 32

/** Builds a vector; of several entries for a replica the last counts. */
export function createChainVector(entries: Iterable<readonly [ReplicaId, ChainEntry]> = []): ChainVector {
  return new Map(entries)
}
