/**
 * Merging into a memory log: every fact that a plan can ask for is looked up beforehand, by going through all that stands.
 */
import { sameBytes } from './bytes.ts'
import { NO_TIME } from './clock.ts'
import { lastSequenceOf, replacesOf } from './commit.ts'
import { HeadwaterError } from './error.ts'
import { placeMerge } from './foreign.ts'
import { fork } from './foreign-refusals.ts'
import { finishPlan } from './grouping.ts'
import { moveHead } from './head.ts'
import { drawId, type ReplicaId } from './identity.ts'
import { supersededBy } from './lease.ts'
import type { MergeResult } from './log.ts'
import type { ChainedStanding } from './memory-standing.ts'
import { lastOffset, type MemoryHandle, type MemoryStore, standingIn, storePlan } from './memory-store.ts'
import { type ForeignCommits, type MergeFacts, type Originals, originalsKey } from './merge-facts.ts'
import { renewHead } from './renew.ts'
import type { Replaced } from './replaces.ts'
import { finishVoiding } from './voiding.ts'

/** Merges; throws what refuses it. */
export function mergeInto(
  { store, clock, random }: MemoryHandle,
  commits: ForeignCommits,
  epoch: number | undefined,
): MergeResult {
  const superseded = supersededBy(store.lease, epoch)
  if (superseded) throw superseded
  const moving = moveHead(store.head, clock.now())
  const mayVoid = commits.heads.some((head) => replacesOf(head).length > 0)
  const author = mayVoid ? { own: store.head.own, fresh: drawId<ReplicaId>(random) } : undefined
  const plan = placeMerge(moving, commits, factsFor(store, commits), author)
  if (plan instanceof HeadwaterError) throw plan
  const forked = plan.missing?.uncompared[0]
  if (forked) throw fork(forked)
  storePlan(store, finishVoiding(finishPlan(renewHead(store.head, plan.renewed), moving), plan.voiding))
  const { merged, duplicates, voided } = plan
  return { merged, duplicates, voided, head: lastOffset(store) }
}

function factsFor(store: MemoryStore, { heads, links }: ForeignCommits): MergeFacts {
  const standing = standingIn(store)
  const last = new Map(standing.map((commit) => [commit.head.replica, commit]))
  const same = heads.filter((head) =>
    standing.some(
      ({ head: held, bytes, hash }) =>
        held.replica === head.replica &&
        held.firstSequence === head.firstSequence &&
        (links ? sameBytes(hash, links.get(head)!.hash) : sameBytes(bytes, head.bytes)),
    ),
  )
  const stampOf = ({ head }: ChainedStanding) => ({
    sequence: lastSequenceOf(head),
    timestamp: head.timestamp,
  })
  return {
    voidsVersion: store.head.voids.version,
    compared: new Set(same),
    stamps: new Map(
      heads.map(({ replica }) => {
        const found = last.get(replica)
        return [
          replica,
          found ? stampOf(found) : { sequence: store.head.vector.get(replica), timestamp: NO_TIME },
        ]
      }),
    ),
    hashes: new Map(
      [...last].map(([replica, { head, hash }]) => [replica, { sequence: lastSequenceOf(head), hash }]),
    ),
    originals: new Map(
      heads.flatMap(replacesOf).map((each) => [originalsKey(each), originalsIn(store, standing, each)]),
    ),
  }
}

/** What stands from a replaced commit on, of the same replica. */
function originalsIn(
  { head }: MemoryStore,
  standing: readonly ChainedStanding[],
  { replica, sequence, hash }: Replaced,
): Originals {
  const ofReplica = standing.filter((commit) => commit.head.replica === replica)
  const from = ofReplica.findIndex(
    (commit) => lastSequenceOf(commit.head) === sequence && sameBytes(commit.hash, hash),
  )
  return { through: head.vector.get(replica), commits: from < 0 ? [] : ofReplica.slice(from) }
}
