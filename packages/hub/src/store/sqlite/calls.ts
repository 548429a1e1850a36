/** The messages between the hub and the thread that holds its database. Types only. */
import type { ErrorData, ReplicaId, Sequence } from '@headwater/log'
import type { Position, ResumeToken, StreamId } from '@headwater/replication'
import type {
  AppendContext,
  HubCommit,
  HubStore,
  OfferedCommit,
  Outcome,
  Revocation,
  SeenReplica,
} from '../store.ts'
import type { Note } from './gathered-notes.ts'
import type { SqliteSettings } from './schema.ts'

/** What the thread is started with. */
export interface ThreadStart {
  readonly settings: SqliteSettings
  readonly stampKey: Uint8Array
  readonly maxAheadMs: number
  readonly maxReplicas: number
  /** The epoch of a database that does not exist yet. */
  readonly epoch: string
}

/** One `append`, as it waits for its transaction. */
export interface QueuedAppend {
  readonly workspace: string
  readonly commits: readonly OfferedCommit[]
  readonly context: AppendContext
}

/** A stored commit without its bytes. */
export interface IndexEntry {
  readonly position: Position
  readonly replica: ReplicaId
  readonly lastSequence: Sequence
  readonly size: number
  readonly isVoided: boolean
}

/** A bounded run of the index. */
export interface IndexRun {
  readonly entries: readonly IndexEntry[]
  readonly head: Position
}

/** First and last position of commits to read together. */
export type Stretch = readonly [from: Position, to: Position]

/** What was fetched. */
export interface Fetched {
  readonly commits: readonly HubCommit[]
  readonly rolling: Uint8Array
}

/** What the thread can do, synchronously: the store's methods, with appends grouped into one transaction. */
export interface SqliteEngine {
  appendAll(appends: readonly QueuedAppend[]): readonly (readonly Outcome[])[]
  /** What lies behind a position, without its bytes, and the head. */
  list(workspace: string, after: Position): IndexRun
  /** The standing commits of these stretches, and the rolling hash at `through`. */
  readStretches(workspace: string, stretches: readonly Stretch[], through: Position): Fetched
  head(workspace: string): Position
  chains(workspace: string): Awaited<ReturnType<HubStore['chains']>>
  subjectOf(workspace: string, replica: ReplicaId): string | undefined
  hashesOf(
    workspace: string,
    replica: ReplicaId,
    sequences: readonly Sequence[],
  ): Awaited<ReturnType<HubStore['hashesOf']>>
  rollingHash(workspace: string, position: Position): Uint8Array | undefined
  note(notes: readonly Note[]): void
  seen(workspace: string): readonly SeenReplica[]
  recall(workspace: string, stream: StreamId): ResumeToken | undefined
  workspaces(): Awaited<ReturnType<HubStore['workspaces']>>
  revoke(revocation: Revocation): void
  revocations(): readonly Revocation[]
  close(): void
}

/** A call, answered by a reply of the same id. */
export interface ThreadCall {
  readonly id: number
  readonly method: keyof SqliteEngine
  readonly args: readonly unknown[]
}

/** What the thread says. */
export type ThreadMessage =
  | { readonly type: 'opened'; readonly epoch: string; readonly isDurable: boolean }
  | { readonly type: 'failed'; readonly error: ErrorData }
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorData }
