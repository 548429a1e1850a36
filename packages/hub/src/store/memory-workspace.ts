/**
 * One workspace in memory: its commits in position order, where each replica's standing commits end, and what was
 * replaced. Plain data, so that a backup is a clone.
 */
import type { Replaced, ReplicaId, Sequence, Timestamp } from '@headwater/log'
import type { Facts } from './judge.ts'
import type { Offer } from './offer.ts'
import { placeOffer, type WorkspaceHead } from './place.ts'
import { ROLLING_START } from './rolling-hash.ts'
import { type HubCommit, type Placed, type ReplicaState, START } from './store.ts'

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
  accepted: {
    readonly subject: string
    readonly state: ReplicaState
    readonly originals: readonly Replaced[]
  },
  sealing: { readonly stampKey: Uint8Array; readonly nowMs: number },
): Placed {
  const { replaces, replica, lastSequence, previous, hash, head } = offer
  for (const one of accepted.originals) voidFrom(workspace, one.replica, one.sequence)
  for (const one of replaces) workspace.replaced.add(replacedKey(one.replica, one.sequence, one.hash))
  const { subject } = accepted
  const isVoiding = accepted.originals.length > 0
  const placed = placeOffer(offer, { workspace: name, head: headOf(workspace), subject, isVoiding }, sealing)
  const { firstSequence, timestamp, bytes } = head
  const own = { replica, firstSequence, lastSequence, timestamp, bytes, previous, hash }
  const { position, rolling, envelope } = placed
  const commit: MemoryCommit = { position, rolling, envelope, ...own, isVoided: false }
  workspace.commits.push(commit)
  workspace.ends.set(endKey(replica, lastSequence), commit)
  workspace.replicas.set(replica, accepted.state)
  return placed
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
  if (!first) return // an older original of the same chain took it along
  const before = workspace.ends.get(endKey(replica, first.firstSequence - 1))
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
