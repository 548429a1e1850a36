/**
 * What two vectors say of each other: what either lacks, and what needs care: a tail of our own replica that the peer has
 * and we lost, and replicas of which both hold the same sequence with another hash.
 */
import type { ReplicaId, Sequence } from '@headwater/log'
import type { ChainEnd, Vector } from '../messages.ts'
import { compareHashes } from './forks.ts'

/** What two vectors say of each other. */
export interface Differences {
  readonly theirs: ReadonlyMap<ReplicaId, Sequence>
  /** Ours that the peer lacks; theirs that we lack. */
  readonly owed: ReadonlyMap<ReplicaId, Sequence>
  readonly expected: ReadonlyMap<ReplicaId, Sequence>
  /** Both have the sequence, with another hash. */
  readonly forked: ReadonlyMap<ReplicaId, Sequence>
  readonly reclaim: { readonly replica: ReplicaId; readonly through: Sequence } | undefined
}

/** Compares two vectors; `own` is the replica that writes here. */
export function differencesOf(ours: Vector, theirs: Vector, own: ReplicaId): Differences {
  const lead = (a: Vector, b: Vector): ReadonlyMap<ReplicaId, Sequence> =>
    new Map([...a].filter(([id, end]) => end.sequence > (b.get(id)?.sequence ?? 0)).map(toSequence))
  const expected = lead(theirs, ours)
  const through = expected.get(own)
  return {
    theirs: new Map([...theirs].map(toSequence)),
    owed: lead(ours, theirs),
    expected,
    forked: new Map([...theirs].filter(([id, end]) => isForked(ours.get(id), end)).map(toSequence)),
    reclaim: through === undefined ? undefined : { replica: own, through },
  }
}

function toSequence([replica, { sequence }]: readonly [ReplicaId, ChainEnd]): readonly [ReplicaId, Sequence] {
  return [replica, sequence]
}

function isForked(ours: ChainEnd | undefined, theirs: ChainEnd): boolean {
  return ours?.sequence === theirs.sequence && compareHashes(ours.hash, theirs.hash) !== 0
}
