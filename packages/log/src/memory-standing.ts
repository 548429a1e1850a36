/**
 * What stands in a memory log, commit by commit with its chain hash, computed from the first record on: the naive twin of
 * the checkpoints that the IndexedDB log keeps. What was computed is kept until something is voided.
 */
import { CHAIN_START, linkHash } from './chain.ts'
import { type ChainEntry, type ChainVector, createChainVector } from './chains/chain-vector.ts'
import { joinCommit, lastSequenceOf } from './commit.ts'
import type { OpenRecord } from './decode.ts'
import type { ReplicaId } from './identity.ts'
import { partsOf } from './record.ts'
import type { StandingCommit } from './standing.ts'
import { type Voids, voidedAt } from './voids.ts'

/** A standing commit and the hash before it. */
export interface ChainedStanding extends StandingCommit {
  readonly previous: Uint8Array
}

/** What stands, in order of offsets. */
export interface MemoryStanding {
  /** All that stands in these records without what is voided. */
  list(records: readonly OpenRecord[], voids: Voids): readonly ChainedStanding[]
}

/** Creates one that has seen nothing yet. */
export function createMemoryStanding(): MemoryStanding {
  let seen = 0
  let version = 0
  let commits: ChainedStanding[] = []
  let hashes = new Map<ReplicaId, Uint8Array>()
  return {
    list: (records, voids) => {
      if (voids.version !== version) {
        seen = 0
        commits = []
        hashes = new Map()
        version = voids.version
      }
      for (; seen < records.length; seen++) {
        for (const commit of standingOf(records[seen]!, voids, hashes)) commits.push(commit)
      }
      return commits
    },
  }
}

/** The last entry of each replica. */
export function vectorOf(commits: readonly ChainedStanding[]): ChainVector {
  return createChainVector(
    commits.map(({ head, hash }): [ReplicaId, ChainEntry] => [
      head.replica,
      { sequence: lastSequenceOf(head), hash },
    ]),
  )
}

function standingOf(
  { view, commits }: OpenRecord,
  voids: Voids,
  hashes: Map<ReplicaId, Uint8Array>,
): readonly ChainedStanding[] {
  return commits
    .filter(({ firstOffset }) => !voidedAt(voids, firstOffset))
    .map((commit) => {
      const { head, firstOffset } = commit
      const parts = partsOf(view, commit)
      const previous = hashes.get(head.replica) ?? CHAIN_START
      const hash = linkHash(previous, head, parts.bodies)
      hashes.set(head.replica, hash)
      return { firstOffset, head, previous, hash, bytes: joinCommit(parts) }
    })
}
