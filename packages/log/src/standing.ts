/**
 * A commit that stands, with all that it takes to reissue it, to void it, or to compare it: its bytes, its place in this
 * log and its chain hash.
 */
import type { CommitHead } from './commit.ts'
import type { Offset } from './identity.ts'
import type { VoidedCommit, VoidReason } from './voids.ts'

/** A standing commit, with all that voiding or reissuing it takes. */
export interface StandingCommit {
  readonly firstOffset: Offset
  readonly head: CommitHead
  /** Its chain hash. */
  readonly hash: Uint8Array
  /** The author's bytes. */
  readonly bytes: Uint8Array
}

/** A standing commit as one that fell. */
export function voidedOf({ firstOffset, head, hash }: StandingCommit, reason: VoidReason): VoidedCommit {
  const { count, replica, firstSequence, commitId } = head
  return { firstOffset, count, replica, firstSequence, commitId, hash, reason }
}
