/**
 * Merging into a memory log: every fact that a plan can ask for is looked up beforehand, by going through all that stands.
 */
import { sameBytes } from './bytes.ts'
import { NO_TIME } from './clock.ts'
import { type CommitHead, lastSequenceOf, replacesOf } from './commit.ts'
import { HeadwaterError } from './error.ts'
import { placeMerge } from './foreign.ts'
import { fork } from './foreign-refusals.ts'
import { finishPlan } from './grouping.ts'
import { moveHead } from './head.ts'
import { drawId, type Offset, type ReplicaId } from './identity.ts'
import { supersededBy } from './lease.ts'
import type { MergeResult } from './log.ts'
import { entryOf, type Standing } from './memory-standing.ts'
import { lastOffset, type MemoryHandle, type MemoryStore, standingIn, storePlan } from './memory-store.ts'
import { type ForeignCommits, type MergeFacts, type Originals, originalsKey } from './merge-facts.ts'
import { renewHead } from './renew.ts'
import type { Replaced } from './replaces.ts'
import { countEvents, finishVoiding } from './voiding.ts'

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
  if (!plan.voiding) learnLinks(store, plan.placed, commits)
  return { merged, duplicates, voided, head: lastOffset(store) }
}

/** Where nothing fell, what was placed follows what stood before, in this order, up to the head. */
function learnLinks(store: MemoryStore, placed: readonly CommitHead[], { links }: ForeignCommits): void {
  let next = (store.head.nextOffset - countEvents(placed)) as Offset
  for (const head of placed) {
    const link = links?.get(head)
    if (link) store.standing.learn(next, link.hash)
    next = (next + head.count) as Offset
  }
}

function factsFor(store: MemoryStore, commits: ForeignCommits): MergeFacts {
  const standing = standingIn(store)
  const { vector, voids } = store.head
  const { heads } = commits
  const replicas = [...new Set(heads.map(({ replica }) => replica))]
  return {
    voidsVersion: voids.version,
    compared: new Set(heads.filter((head) => isStored(standing, head, commits))),
    stamps: new Map(
      replicas.map((replica) => {
        const last = standing.lastOf.get(replica)
        const unknown = { sequence: vector.get(replica), timestamp: NO_TIME }
        return [replica, last ? { ...entryOf(last), timestamp: last.head.timestamp } : unknown]
      }),
    ),
    hashes: new Map([...standing.lastOf].map(([replica, last]) => [replica, entryOf(last)])),
    originals: new Map(
      heads.flatMap(replacesOf).map((each) => [originalsKey(each), originalsIn(store, standing, each)]),
    ),
  }
}

function isStored({ commits, lastOf }: Standing, head: CommitHead, { links }: ForeignCommits): boolean {
  const last = lastOf.get(head.replica)
  if (!last || head.firstSequence > last.head.firstSequence) return false
  const held = commits.find(
    (commit) => commit.head.replica === head.replica && commit.head.firstSequence === head.firstSequence,
  )
  return !!held && (links ? sameBytes(held.hash, links.get(head)!.hash) : sameBytes(held.bytes, head.bytes))
}

/** What stands from a replaced commit on, of the same replica. */
function originalsIn(
  { head }: MemoryStore,
  { commits }: Standing,
  { replica, sequence, hash }: Replaced,
): Originals {
  const ofReplica = commits.filter((commit) => commit.head.replica === replica)
  const from = ofReplica.findIndex(
    (commit) => lastSequenceOf(commit.head) === sequence && sameBytes(commit.hash, hash),
  )
  return { through: head.vector.get(replica), commits: from < 0 ? [] : ofReplica.slice(from) }
}
