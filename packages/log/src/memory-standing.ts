/**
 * What stands in a memory log, commit by commit with its chain hash, computed from the first record on: the naive twin of
 * the checkpoints that the IndexedDB log keeps. What was computed is kept until something is voided; what a merge has found to
 * continue its chain is not computed again.
 */
import { CHAIN_START, linkHash } from './chain.ts'
import { type ChainEntry, type ChainVector, createChainVector } from './chains/chain-vector.ts'
import { lastSequenceOf } from './commit.ts'
import type { OpenRecord } from './decode.ts'
import type { Offset, ReplicaId } from './identity.ts'
import { commitBytes, partsOf, type RecordCommit, type RecordView } from './record.ts'
import type { StandingCommit } from './standing.ts'
import { type Voids, voidedAt } from './voids.ts'

/** A standing commit and the hash before it. */
export interface ChainedStanding extends StandingCommit {
  readonly previous: Uint8Array
}

/** What stands. */
export interface Standing {
  /** In order of offsets. */
  readonly commits: readonly ChainedStanding[]
  readonly byOffset: ReadonlyMap<Offset, ChainedStanding>
  readonly lastOf: ReadonlyMap<ReplicaId, ChainedStanding>
}

/** What is known to stand, moved on when it is asked for. */
export interface MemoryStanding {
  /** All that stands in these records without what is voided. */
  at(records: readonly OpenRecord[], voids: Voids): Standing
  /** Takes the chain hash after a commit that has just been stored, whose place in its chain was found to be right. */
  learn(firstOffset: Offset, hash: Uint8Array): void
}

/** Creates one that has seen nothing yet. */
export function createMemoryStanding(): MemoryStanding {
  let seen = 0
  let version = 0
  let standing = nothing()
  const learnt = new Map<Offset, Uint8Array>()
  const add = (view: RecordView, commit: RecordCommit): void => {
    const { head, firstOffset } = commit
    const previous = standing.lastOf.get(head.replica)?.hash ?? CHAIN_START
    const hash = learnt.get(firstOffset) ?? linkHash(previous, head, partsOf(view, commit).bodies)
    const linked: ChainedStanding = {
      firstOffset,
      head,
      previous,
      hash,
      get bytes() {
        return commitBytes(view, commit)
      },
    }
    standing.commits.push(linked)
    standing.byOffset.set(firstOffset, linked)
    standing.lastOf.set(head.replica, linked)
  }
  return {
    at: (records, voids) => {
      if (voids.version !== version) {
        seen = 0
        standing = nothing()
        version = voids.version
      }
      for (; seen < records.length; seen++) {
        const { view, commits } = records[seen]!
        for (const commit of commits) if (!voidedAt(voids, commit.firstOffset)) add(view, commit)
      }
      learnt.clear()
      return standing
    },
    learn: (firstOffset, hash) => void learnt.set(firstOffset, hash),
  }
}

const nothing = () => ({
  commits: [] as ChainedStanding[],
  byOffset: new Map<Offset, ChainedStanding>(),
  lastOf: new Map<ReplicaId, ChainedStanding>(),
})

/** The last entry of each replica. */
export function vectorOf({ lastOf }: Standing): ChainVector {
  return createChainVector([...lastOf].map(([replica, commit]) => [replica, entryOf(commit)]))
}

/** How far its replica has come with it. */
export function entryOf({ head, hash }: ChainedStanding): ChainEntry {
  return { sequence: lastSequenceOf(head), hash }
}
