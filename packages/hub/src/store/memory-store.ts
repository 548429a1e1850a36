/**
 * A store in memory, for tests, simulation and hubs whose past does not matter: the naive twin of the SQLite store. Nothing
 * survives the process but what `backup` gave; opening a backup mints an epoch, as restoring one does.
 */
import { drawId, HeadwaterError, type LogId, type Random, type ReplicaId } from '@headwater/log'
import type { Position, ResumeToken, StreamId } from '@headwater/replication'
import { judge } from './judge.ts'
import { addCommit, emptyWorkspace, factsOf, headOf, type MemoryWorkspace } from './memory-workspace.ts'
import { parseOffer } from './offer.ts'
import { ROLLING_START } from './rolling-hash.ts'
import {
  type AppendContext,
  type HubCommit,
  type HubRun,
  type HubStore,
  type OfferedCommit,
  type Outcome,
  type ReadBounds,
  type Revocation,
  type SeenReplica,
  START,
  type StorePolicy,
  type WorkspaceSummary,
} from './store.ts'

/** What `backup` gives and `createMemoryHubStore` takes back. */
export interface MemoryBackup {
  readonly workspaces: ReadonlyMap<string, MemoryWorkspace>
  readonly revocations: ReadonlyMap<string, Revocation>
}

/** A store in memory. */
export interface MemoryHubStore extends HubStore {
  /** A copy of everything, untouched by what comes later. */
  backup(): MemoryBackup
}

/** Makes an empty store, or one with what a backup held. */
export function createMemoryHubStore(
  policy: StorePolicy,
  random: Random,
  from?: MemoryBackup,
): MemoryHubStore {
  const copy = structuredClone(from)
  const workspaces = new Map(copy?.workspaces)
  const revocations = new Map(copy?.revocations)
  let isClosed = false
  const refuseClosed = (): void => {
    if (isClosed) throw closed()
  }
  const find = (name: string): MemoryWorkspace => {
    refuseClosed()
    return workspaces.get(name) ?? emptyWorkspace()
  }
  return {
    ...createAppend(workspaces, policy, refuseClosed),
    ...createSeen(),
    ...createReads(find),
    epoch: drawId<LogId>(random) as string as StreamId, // 96 random bits, as all ids
    isDurable: false,
    workspaces: async () => [...workspaces].map(([workspace, held]) => summaryOf(workspace, held)),
    async revoke(revocation) {
      refuseClosed()
      const before = revocations.get(revocation.subject)
      if (!before || before.atMs < revocation.atMs) revocations.set(revocation.subject, revocation)
    },
    revocations: async () => [...revocations.values()],
    queuedBytes: () => 0,
    backup: () => structuredClone({ workspaces, revocations }),
    async close() {
      isClosed = true
    },
  }
}

function createAppend(
  workspaces: Map<string, MemoryWorkspace>,
  policy: StorePolicy,
  refuseClosed: () => void,
): Pick<HubStore, 'append'> {
  const take = (name: string, commit: OfferedCommit, context: AppendContext): Outcome => {
    const offer = parseOffer(commit)
    if ('type' in offer) return offer
    const workspace = workspaces.get(name) ?? emptyWorkspace()
    const judgement = judge(offer, context, factsOf(name, workspace), policy)
    if (judgement.type !== 'store') return judgement
    workspaces.set(name, workspace)
    const sealing = { stampKey: policy.stampKey, nowMs: context.nowMs }
    return { type: 'stored', placed: addCommit(name, workspace, offer, judgement, sealing) }
  }
  return {
    async append(name, commits, context) {
      refuseClosed()
      return commits.map((commit) => take(name, commit, context))
    },
  }
}

function createSeen(): Pick<HubStore, 'acknowledge' | 'seen' | 'remember' | 'recall'> {
  const all = new Map<string, Map<ReplicaId, SeenReplica>>()
  const tokens = new Map<string, ResumeToken>()
  return {
    acknowledge(name, seen) {
      const replicas = all.get(name) ?? new Map<ReplicaId, SeenReplica>()
      all.set(name, replicas.set(seen.replica, seen))
    },
    seen: async (name) => [...(all.get(name)?.values() ?? [])],
    remember: (name, token) => void tokens.set(`${name}\n${token.stream}`, token),
    recall: async (name, stream) => tokens.get(`${name}\n${stream}`),
  }
}

type Reads = Pick<HubStore, 'read' | 'head' | 'chains' | 'subjectOf' | 'hashesOf' | 'rollingHash'>

function createReads(find: (name: string) => MemoryWorkspace): Reads {
  return {
    read: async (name, after, bounds) => readRun(find(name), after, bounds),
    head: async (name) => headOf(find(name)).position,
    chains: async (name) =>
      [...find(name).replicas]
        .filter(([, { sequence }]) => sequence > 0)
        .map(([replica, { sequence, hash }]) => ({ replica, sequence, hash })),
    async hashesOf(name, replica, sequences) {
      const facts = factsOf(name, find(name))
      return sequences.map((sequence) => facts.hashAt(replica, sequence))
    },
    subjectOf: async (name, replica) => find(name).replicas.get(replica)?.subject,
    rollingHash: async (name, position) => rollingAt(find(name), position),
  }
}

function readRun(workspace: MemoryWorkspace, after: Position, bounds: ReadBounds): HubRun {
  const { maxBytes, lacks = () => true } = bounds
  const run: HubCommit[] = []
  let bytes = 0
  let through = after
  for (const commit of workspace.commits.slice(after)) {
    if (!commit.isVoided && lacks(commit.replica, commit.lastSequence)) {
      if (run.length > 0 && bytes + commit.bytes.length > maxBytes) break
      run.push(toHubCommit(commit))
      bytes += commit.bytes.length
    }
    through = commit.position
  }
  const rolling = rollingAt(workspace, through) ?? new Uint8Array()
  return { commits: run, through, rolling, isEnd: through >= headOf(workspace).position }
}

function toHubCommit(commit: HubCommit): HubCommit {
  const { position, replica, firstSequence, lastSequence, bytes, previous, envelope } = commit
  return { position, replica, firstSequence, lastSequence, bytes, previous, envelope }
}

function rollingAt({ commits }: MemoryWorkspace, position: Position): Uint8Array | undefined {
  return position === START ? ROLLING_START : commits[position - 1]?.rolling
}

function summaryOf(workspace: string, held: MemoryWorkspace): WorkspaceSummary {
  const bytes = held.commits.reduce((sum, commit) => sum + commit.bytes.length, 0)
  return { workspace, head: headOf(held).position, replicas: held.replicas.size, bytes }
}

function closed(): HeadwaterError {
  return new HeadwaterError('CLOSED', 'The hub’s store is closed.', { hint: 'Open it again.' })
}
