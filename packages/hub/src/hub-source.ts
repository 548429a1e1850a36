/**
 * What a session of the hub replicates: one workspace, for one bearer of access. Rights are looked at when commits are
 * stored, not when the session began; refusals are told commit by commit and never stop the stream.
 */
import type { ReplicaId, WallClock } from '@headwater/log'
import type { Outcome, ReadBatch, SentCommit, Source } from '@headwater/replication'
import type { Access } from './auth/access.ts'
import type { AppendContext, HubRun, HubStore, Outcome as StoreOutcome } from './store/store.ts'
import type { LiveWorkspace } from './workspaces.ts'

/** What a source stands on. */
export interface HubSourceParts {
  readonly store: HubStore
  readonly workspace: LiveWorkspace
  readonly access: Access
  /** The replica of the session's hello. */
  readonly replica: ReplicaId
  readonly clock: WallClock
  /** Author's bytes of a commit, at most; larger ones are refused as `COMMIT_TOO_LARGE`. */
  readonly maxCommitBytes: number
  /** Told after each append, with its outcomes and how long it took. */
  readonly onAppended: (outcomes: readonly Outcome[], elapsedMs: number) => void
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number
}

/** The source of one session. */
export function createHubSource(parts: HubSourceParts): Source {
  const { store, workspace } = parts
  return {
    stream: store.epoch,
    replica: store.epoch as string as ReplicaId, // spelled alike; a hub gives its stream's id
    own: NOBODY,
    get head() {
      return workspace.head
    },
    async vector() {
      const ends = await store.chains(workspace.name)
      return new Map(ends.map(({ replica, sequence, hash }) => [replica, { sequence, hash }]))
    },
    read: async (after, request) => toBatch(await workspace.read(after, request)),
    store: (commits) => storeAll(commits, parts),
    hashesOf: (replica, sequences) => store.hashesOf(workspace.name, replica, sequences),
    async resume({ stream, position, mark }) {
      if (stream !== store.epoch) return undefined
      const rolling = await store.rollingHash(workspace.name, position)
      return rolling && Buffer.compare(rolling, mark) === 0 ? position : undefined
    },
    subscribe: (listener) => workspace.subscribe(listener),
  }
}

/** A hub writes nothing. */
const NOBODY: ReadonlySet<ReplicaId> = new Set()

function toBatch({ commits, through, rolling, isEnd }: HubRun): ReadBatch {
  return { commits, through, mark: rolling, isEnd }
}

async function storeAll(commits: readonly SentCommit[], parts: HubSourceParts): Promise<readonly Outcome[]> {
  const { workspace, maxCommitBytes, onAppended } = parts
  if (commits.length === 0) return [] // a sender that only says its position costs no transaction
  const fitting = commits.filter(({ bytes }) => bytes.length <= maxCommitBytes)
  const startMs = parts.elapsedMs()
  const stored = await workspace.append(fitting, contextOf(parts))
  let next = 0
  const outcomes = commits.map(({ bytes }) =>
    bytes.length <= maxCommitBytes ? toOutcome(stored[next++]!) : tooLarge(bytes.length, maxCommitBytes),
  )
  onAppended(outcomes, parts.elapsedMs() - startMs)
  return outcomes
}

function contextOf({ access, replica, clock }: HubSourceParts): AppendContext {
  const { subject, rights, isOpen } = access
  const may = { mayAppend: rights.has('append'), mayRelay: rights.has('relay') }
  return { subject, replica, ...may, isOpen, nowMs: clock.now() }
}

function toOutcome(outcome: StoreOutcome): Outcome {
  return outcome.type === 'refused'
    ? { type: 'refused', code: outcome.code, facts: outcome.facts }
    : { type: outcome.type }
}

function tooLarge(bytes: number, maxBytes: number): Outcome {
  return { type: 'refused', code: 'COMMIT_TOO_LARGE', facts: { bytes, maxBytes } }
}
