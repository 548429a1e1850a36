/**
 * What planning a merge takes and lacks, as plain types. A plan is a pure function of the head and of facts about stored
 * commits; what is missing is looked up outside the transaction, and the plan is made again.
 */
import type { ChainEntry } from './chains/chain-vector.ts'
import type { CommitHead } from './commit.ts'
import type { ReplicaId, Sequence, Timestamp } from './identity.ts'
import type { Replaced } from './replaces.ts'
import type { StandingCommit } from './standing.ts'

/** What a merge did, or, nothing placed, what must be looked up in the log before it can be planned. */
export interface MergePlan {
  readonly merged: number
  readonly duplicates: number
  readonly voided: number
  /** The commits that were new. */
  readonly placed: readonly CommitHead[]
  /** Undefined when all facts were at hand. */
  readonly missing: MissingFacts | undefined
}

/** What a plan lacks. */
export interface MissingFacts {
  /** The version of the voids for which it is to be looked up: facts of an earlier one are worthless. */
  readonly voidsVersion: number
  /** Held commits that have not been compared with the stored ones yet. */
  readonly uncompared: readonly CommitHead[]
  /** New commits without a known stamp of the commit before. */
  readonly unfollowed: readonly CommitHead[]
  /** New commits without a known chain hash of the commit before. */
  readonly unlinked: readonly CommitHead[]
  /** Commits that stand and would fall with what these replace are not known. */
  readonly unsearched: readonly Replaced[]
}

/** What a caller has looked up, for one version of the voids. */
export interface MergeFacts {
  readonly voidsVersion: number
  /** Held commits that are known to be the stored ones. */
  readonly compared: ReadonlySet<CommitHead>
  /** A stored commit of each replica: its last sequence and its stamp, 0 where it cannot be read any more. */
  readonly stamps: ReadonlyMap<ReplicaId, LastStamp>
  /** A standing commit of each replica: its last sequence and its chain hash. */
  readonly hashes: ReadonlyMap<ReplicaId, ChainEntry>
  readonly originals: ReadonlyMap<string, Originals>
}

/** What stands of a replica from a replaced commit on; nothing when that commit does not stand. */
export interface Originals {
  /** The last sequence held when it was looked up. */
  readonly through: Sequence
  readonly commits: readonly StandingCommit[]
}

/** The key of `MergeFacts.originals`. */
export function originalsKey({ replica, sequence, hash }: Replaced): string {
  return `${replica} ${sequence} ${hash.join()}`
}

/** When a replica wrote the commit that ends with `sequence`. */
export interface LastStamp {
  readonly sequence: Sequence
  readonly timestamp: Timestamp
}

/** A foreign commit's place in its chain, as its sender says. */
export interface Link {
  readonly previous: Uint8Array
  readonly hash: Uint8Array
}

/** Commits to be merged, parsed. */
export interface ForeignCommits {
  readonly heads: readonly CommitHead[]
  /** Undefined when the sender does not say. */
  readonly links: ReadonlyMap<CommitHead, Link> | undefined
  readonly maxDriftMs: number
}
