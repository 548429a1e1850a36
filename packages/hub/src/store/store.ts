/**
 * The hub's store: a durable log per workspace. Everything that two connections could disagree about is decided inside
 * `append`, in one transaction: duplicates, whose a replica is, whether a commit continues its replica's chain, and the
 * position. Nothing here reads a payload. One contract suite (`test/contract/hub-store.contract.ts`) binds every store:
 *
 * - **R1, R2** A commit is stored once: known by (replica, sequence) *and* hash; the same sequence with another hash is a
 *   `FORK`, never a silent drop.
 * - **R8** What `append` reports as stored survives the process, and the machine where the store is durable.
 * - Positions of a workspace are 1, 2, 3 … without a gap, and are given in the order in which commits become visible.
 * - A replica is bound to the subject of its author by its first commit; no other subject adds to it.
 * - A commit voided by its author's reissue keeps its position and is never read again.
 */
import type { ErrorCode, ReplicaId, Sequence, Timestamp } from '@headwater/log'
import type { Facts, Position, ResumeToken, StreamId } from '@headwater/replication'

/** Before the first commit: positions of a workspace count from 1. */
export const START = 0 as Position

/** A commit as a session hands it over. */
export interface OfferedCommit {
  /** The author's bytes. */
  readonly bytes: Uint8Array
  /** Chain hash of its replica's commit before it, as the sender says; 32 bytes. */
  readonly previous: Uint8Array
  /** The envelope that this hub once put around it, when the sender kept one (`envelope.ts`). */
  readonly envelope?: Uint8Array
}

/** Who offers, and what that one may do. */
export interface AppendContext {
  readonly subject: string
  /** The replica that the session's hello named: the only unbound one that `append` alone may bind. */
  readonly replica: ReplicaId | undefined
  readonly mayAppend: boolean
  /** Whether commits of other subjects are taken from this one. */
  readonly mayRelay: boolean
  /** There are no subjects to tell apart: whoever comes first may bind any replica. */
  readonly isOpen: boolean
  /** The hub's wall time. */
  readonly nowMs: number
}

/** What became of one offered commit. */
export type Outcome =
  | { readonly type: 'stored'; readonly placed: Placed }
  /** Held already, or known to be replaced. */
  | { readonly type: 'held' }
  | Refusal

/** One commit is not taken; the others are not touched by it. */
export interface Refusal {
  readonly type: 'refused'
  readonly code: ErrorCode
  readonly message: string
  readonly facts: Facts
}

/** Where a commit was stored. */
export interface Placed {
  readonly position: Position
  /** The rolling hash after it (`rolling-hash.ts`). */
  readonly rolling: Uint8Array
  /** The hub's envelope around it, encoded (`envelope.ts`). */
  readonly envelope: Uint8Array
  /** Whether it voided commits before it: who keeps some in memory forgets them. */
  readonly isVoiding: boolean
}

/** A stored commit. */
export interface HubCommit {
  readonly position: Position
  readonly replica: ReplicaId
  readonly firstSequence: Sequence
  readonly lastSequence: Sequence
  readonly bytes: Uint8Array
  readonly previous: Uint8Array
  readonly envelope: Uint8Array
}

/** A bounded run of commits in position order. */
export interface HubRun {
  readonly commits: readonly HubCommit[]
  /** Everything up to here has been passed; continue with it. Equals the `after` asked for at the end. */
  readonly through: Position
  /** The rolling hash at `through`; of no bytes where `through` lies beyond the head. */
  readonly rolling: Uint8Array
  /** Whether nothing lay behind `through`. */
  readonly isEnd: boolean
}

/** Bounds of one `read`. */
export interface ReadBounds {
  /** Bytes of commits, but at least one commit. */
  readonly maxBytes: number
  /** Commits that the reader does not lack are passed over. Default: it lacks all. */
  readonly lacks?: (replica: ReplicaId, lastSequence: Sequence) => boolean
}

/** The end of a replica's chain. */
export interface ChainEnd {
  readonly replica: ReplicaId
  readonly sequence: Sequence
  readonly hash: Uint8Array
}

/** How far a replica has acknowledged. */
export interface SeenReplica {
  readonly replica: ReplicaId
  readonly position: Position
  /** Milliseconds since 1970. */
  readonly seenAtMs: number
}

/** A workspace in a list. */
export interface WorkspaceSummary {
  readonly workspace: string
  readonly head: Position
  readonly replicas: number
  readonly bytes: number
}

/** A subject whose tokens issued at or before a moment are worthless. */
export interface Revocation {
  readonly subject: string
  readonly atMs: number
}

/** The store. Errors of every method: `STORAGE_FULL`, `STORAGE_LOST`, `CLOSED`. */
export interface HubStore {
  /** Drawn when the store is created and again when it is restored; positions of another epoch mean nothing. */
  readonly epoch: StreamId
  /** Whether what it reports as stored survives the machine. */
  readonly isDurable: boolean
  /**
   * Takes commits in order, each by its own outcome, which is told after all of them are durable (R8). Errors beside the
   * common ones, nothing of the call stored: `QUEUE_FULL` when more waits to be written than the store's bound.
   */
  append(
    workspace: string,
    commits: readonly OfferedCommit[],
    context: AppendContext,
  ): Promise<readonly Outcome[]>
  /** Standing commits after a position. A workspace that nobody wrote to is empty. */
  read(workspace: string, after: Position, bounds: ReadBounds): Promise<HubRun>
  head(workspace: string): Promise<Position>
  /** The chain vector: where each replica's standing commits end. */
  chains(workspace: string): Promise<readonly ChainEnd[]>
  /** Whose a replica is; undefined while nobody's. */
  subjectOf(workspace: string, replica: ReplicaId): Promise<string | undefined>
  /** The chain hash after the standing commit that ends with each sequence; undefined where none ends there. */
  hashesOf(
    workspace: string,
    replica: ReplicaId,
    sequences: readonly Sequence[],
  ): Promise<readonly (Uint8Array | undefined)[]>
  /** The rolling hash over all commits up to a position, for resume tokens; undefined beyond the head. */
  rollingHash(workspace: string, position: Position): Promise<Uint8Array | undefined>
  /** Keeps how far a replica acknowledged, with the time. It only informs: a second of it may be lost with the process. */
  acknowledge(workspace: string, seen: SeenReplica): void
  seen(workspace: string): Promise<readonly SeenReplica[]>
  /** Keeps how far the commits of a sender's stream were dealt with, after they were stored. A second of it may be lost. */
  remember(workspace: string, token: ResumeToken): void
  /** What was remembered of a stream. */
  recall(workspace: string, stream: StreamId): Promise<ResumeToken | undefined>
  workspaces(): Promise<readonly WorkspaceSummary[]>
  /** Makes the tokens that `subject` got up to `atMs` worthless. */
  revoke(revocation: Revocation): Promise<void>
  revocations(): Promise<readonly Revocation[]>
  /** Bytes of commits that wait to be written. No I/O. */
  queuedBytes(): number
  /** Waits for what is under way. Idempotent. */
  close(): Promise<void>
}

/** What every store is made with. */
export interface StorePolicy {
  /** Signs who wrote a commit; 32 bytes, kept apart from the data. */
  readonly stampKey: Uint8Array
  /** How far ahead of the hub's time a commit may be stamped. Default 5 minutes. */
  readonly maxAheadMs?: number
  /** Most replicas in a workspace: what a hello's vector can carry. Default 10,000. */
  readonly maxReplicas?: number
}

/** The default of `maxAheadMs`. */
export const MAX_AHEAD_MS = 300_000
/** The default of `maxReplicas`. */
export const MAX_REPLICAS = 10_000

/** What a store knows of a replica: the end of its standing chain, and whose it is. */
export interface ReplicaState {
  readonly sequence: Sequence
  readonly hash: Uint8Array
  readonly timestamp: Timestamp
  /** Undefined for replicas made from files, which are nobody's. */
  readonly subject: string | undefined
}
