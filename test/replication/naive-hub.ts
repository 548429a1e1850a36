// A hub as plainly as it can be written: a list of commits with gapless positions, all that it holds found by going through
// it. The naive twin of a real hub's store, and the other side of the replicator's tests.

import {
  bytesToId,
  CHAIN_START,
  chainHash,
  drawId,
  HeadwaterError,
  type LogId,
  parseCommit,
  type Random,
  REPLACES,
  type ReplicaId,
  type Scheduler,
  type Sequence,
  timestampToMs,
  type WallClock,
} from '@headwater/log'
import {
  type ChainEnd,
  type Connection,
  type Hello,
  type Outcome,
  openSession,
  type Party,
  type Position,
  type ResumeToken,
  type SentCommit,
  type Session,
  type Source,
  type StreamId,
} from '@headwater/replication'

export interface HeldCommit extends SentCommit {
  readonly hash: Uint8Array
  isVoid: boolean
}

export interface NaiveHub {
  readonly commits: readonly HeldCommit[]
  /** Refuses commits of these replicas as `FORBIDDEN`. */
  readonly forbidden: Set<string>
  readonly sessions: Set<Session>
  workspace: string
  /** What a token is judged by: a rejection refuses the hello. */
  authenticate: (token: string) => void
  accept(connection: Connection): Session
  /** The standing commits, as what a session replicates. */
  readonly source: Source
  /** Forgets the last so many commits, as a restored backup does, and takes a new epoch. */
  restore(lost: number): void
}

interface Powers {
  readonly clock: WallClock
  readonly random: Random
  readonly scheduler: Scheduler
}

const AHEAD_MS = 300_000

export function createNaiveHub({ clock, random, scheduler }: Powers): NaiveHub {
  let commits: HeldCommit[] = []
  let stream = drawId<LogId>(random) as string as StreamId
  const listeners = new Set<() => void>()
  const tokens = new Map<StreamId, ResumeToken>()
  const forbidden = new Set<string>()
  const sessions = new Set<Session>()
  const standing = (): readonly HeldCommit[] => commits.filter(({ isVoid }) => !isVoid)
  const lastOf = (replica: ReplicaId): HeldCommit | undefined =>
    standing().findLast((commit) => commit.replica === replica)
  const markAt = (position: number): Uint8Array => commits[position - 1]?.hash ?? new Uint8Array(32)

  const take = (commit: SentCommit): Outcome => {
    const head = parseCommit(commit.bytes)
    if (head instanceof HeadwaterError) throw head
    const refused = (code: HeadwaterError['code'], facts = {}): Outcome => ({ type: 'refused', code, facts })
    if (forbidden.has(commit.replica)) return refused('FORBIDDEN')
    const hash = chainHash(commit.previous, commit.bytes)
    const same = commits.find((held) => held.replica === commit.replica && isEqual(held.hash, hash))
    if (same) return { type: 'held' }
    const last = lastOf(commit.replica)
    const expected = (last?.lastSequence ?? 0) + 1
    if (commit.firstSequence > expected) return refused('SEQUENCE_GAP')
    if (commit.firstSequence < expected || !isEqual(commit.previous, last?.hash ?? CHAIN_START))
      return refused('FORK')
    if (timestampToMs(head.timestamp) > clock.now() + AHEAD_MS)
      return refused('STAMP_AHEAD', { nowMs: clock.now() })
    for (const { id, value } of head.extensions) if (id === REPLACES) voidReplaced(value)
    commits.push({ ...commit, position: (commits.length + 1) as Position, hash, isVoid: false })
    return { type: 'stored' }
  }
  const voidReplaced = (value: Uint8Array): void => {
    const replica = bytesToId(value, 0)
    const original = commits.find((held) => held.replica === replica && isEqual(held.hash, value.slice(20)))
    if (!original) return
    for (const held of commits)
      if (held.replica === replica && held.position >= original.position) held.isVoid = true
  }
  const source: Source = {
    get stream() {
      return stream
    },
    get replica() {
      return stream as string as ReplicaId
    },
    own: new Set(),
    get head() {
      return commits.length as Position
    },
    vector: async () => {
      const ends = standing().map(({ replica, lastSequence: sequence, hash }): [ReplicaId, ChainEnd] => [
        replica,
        { sequence, hash },
      ])
      return new Map(ends)
    },
    read: async (after, { maxBytes, lacks }) => {
      const taken: HeldCommit[] = []
      let bytes = 0
      let through: number = after
      for (const commit of commits.slice(after)) {
        if (taken.length > 0 && bytes + commit.bytes.length > maxBytes) break
        through = commit.position
        if (commit.isVoid || !lacks(commit.replica, commit.lastSequence)) continue
        taken.push(commit)
        bytes += commit.bytes.length
      }
      const isEnd = through >= commits.length
      return { commits: taken, through: through as Position, mark: markAt(through), isEnd }
    },
    store: async (sent) => {
      const before = commits.length
      const outcomes = sent.map(take)
      if (commits.length > before) for (const listener of listeners) listener()
      return outcomes
    },
    hashesOf: async (replica, sequences) =>
      sequences.map(
        (sequence) =>
          standing().find((held) => held.replica === replica && held.lastSequence === sequence)?.hash,
      ),
    resume: async ({ position, mark }) => (isEqual(mark, markAt(position)) ? position : undefined),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const never = async (): Promise<void> => {
    throw new Error('a hub never gives way')
  }
  const hub: NaiveHub = {
    get commits() {
      return commits
    },
    forbidden,
    sessions,
    source,
    workspace: 'acme',
    authenticate: () => undefined,
    accept: (connection) => {
      const admit = async (hello: Hello): Promise<Party> => {
        hub.authenticate(hello.token)
        return {
          source,
          workspace: hub.workspace,
          recall: async (id) => (id ? tokens.get(id) : undefined),
          remember: (token) => {
            if (token) tokens.set(token.stream, token)
            else tokens.delete(hello.stream)
          },
          resolveFork: never,
          resolveStamps: never,
        }
      }
      const session = openSession({ connection, role: 'hub', admit, clock, scheduler })
      sessions.add(session)
      void session.ended.then(() => sessions.delete(session))
      return session
    },
    restore: (lost) => {
      commits = commits.slice(0, commits.length - lost).map((commit) => ({ ...commit }))
      stream = drawId<LogId>(random) as string as StreamId
      tokens.clear()
    },
  }
  return hub
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** The last sequence of each replica that stands. */
export function standingSequences(hub: NaiveHub): ReadonlyMap<ReplicaId, Sequence> {
  return new Map(
    hub.commits.filter(({ isVoid }) => !isVoid).map(({ replica, lastSequence }) => [replica, lastSequence]),
  )
}
