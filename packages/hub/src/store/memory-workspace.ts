/**
 * One workspace in memory: its commits in position order, where each replica's standing commits end, and what was
 * replaced. Plain data, so that a backup is a clone.
 */
import type { ReplicaId, Sequence, Timestamp } from '@headwater/log'
import type { Facts } from './judge.ts'
import type { Offer } from './offer.ts'
import { placeOffer, type WorkspaceHead } from './place.ts'
import { ROLLING_START } from './rolling-hash.ts'
import { type HubCommit, type ReplicaState, START } from './store.ts'

/** A commit as memory keeps it. */
export interface MemoryCommit extends HubCommit {
  readonly timestamp: Timestamp
  readonly hash: Uint8Array
  readonly rolling: Uint8Array
  isVoided: boolean
}

/** A workspace. */
export interface MemoryWorkspace {
  readonly commits: MemoryCommit[]
  readonly replicas: Map<ReplicaId, ReplicaState>
  /** Standing commits by replica and last sequence. */
  readonly ends: Map<string, MemoryCommit>
  readonly replaced: Set<string>
}

/** An empty workspace. */
export function emptyWorkspace(): MemoryWorkspace {
  return { commits: [], replicas: new Map(), ends: new Map(), replaced: new Set() }
}

/** What a judgement asks. */
export function factsOf(name: string, workspace: MemoryWorkspace): Facts {
  const { replicas, ends, replaced } = workspace
  return {
    workspace: name,
    replica: (replica) => replicas.get(replica),
    replicaCount: () => replicas.size,
    hashAt: (replica, sequence) => ends.get(endKey(replica, sequence))?.hash,
    isReplaced: (replica, sequence, hash) => replaced.has(replacedKey(replica, sequence, hash)),
  }
}

/** Stores an accepted commit. */
export function addCommit(
  name: string,
  workspace: MemoryWorkspace,
  offer: Offer,
  accepted: { readonly subject: string; readonly state: ReplicaState; readonly voidsOriginal: boolean },
  sealing: { readonly stampKey: Uint8Array; readonly nowMs: number },
): MemoryCommit {
  const { replaces, replica, lastSequence, previous, hash, head } = offer
  if (accepted.voidsOriginal && replaces) voidFrom(workspace, replaces.replica, replaces.sequence)
  if (replaces) workspace.replaced.add(replacedKey(replaces.replica, replaces.sequence, replaces.hash))
  const to = { workspace: name, head: headOf(workspace), subject: accepted.subject }
  const { firstSequence, timestamp, bytes } = head
  const own = { replica, firstSequence, lastSequence, timestamp, bytes, previous, hash }
  const commit: MemoryCommit = { ...placeOffer(offer, to, sealing), ...own, isVoided: false }
  workspace.commits.push(commit)
  workspace.ends.set(endKey(replica, lastSequence), commit)
  workspace.replicas.set(replica, accepted.state)
  return commit
}

/** The end of the workspace. */
export function headOf({ commits }: MemoryWorkspace): WorkspaceHead {
  return commits.at(-1) ?? { position: START, rolling: ROLLING_START }
}

/** Voids the commit that ends with `sequence` and all that build on it: their author reissues those as well. */
function voidFrom(workspace: MemoryWorkspace, replica: ReplicaId, sequence: Sequence): void {
  const fallen = workspace.commits.filter(
    (commit) => !commit.isVoided && commit.replica === replica && commit.lastSequence >= sequence,
  )
  for (const commit of fallen) {
    commit.isVoided = true
    workspace.ends.delete(endKey(replica, commit.lastSequence))
  }
  const first = fallen[0]
  const before = first && workspace.ends.get(endKey(replica, first.firstSequence - 1))
  const subject = workspace.replicas.get(replica)?.subject
  workspace.replicas.set(replica, { ...(before ? stateAt(before) : NOTHING_STANDS), subject })
}

const NOTHING_STANDS = { sequence: 0 as Sequence, hash: new Uint8Array(32), timestamp: 0 as Timestamp }

function stateAt({ lastSequence, hash, timestamp }: MemoryCommit): Omit<ReplicaState, 'subject'> {
  return { sequence: lastSequence, hash, timestamp }
}

function endKey(replica: ReplicaId, sequence: number): string {
  return `${replica} ${sequence}`
}

function replacedKey(replica: ReplicaId, sequence: Sequence, hash: Uint8Array): string {
  return `${replica} ${sequence} ${Buffer.from(hash).toString('hex')}`
}
