/**
 * What a session replicates: the commits of one log, or of one workspace of a hub. A session reads from its source what the
 * peer lacks and stores in it what the peer sends; it knows nothing else of where commits lie. `createLogSource` is the
 * source of a log; a hub has its own over its store.
 *
 * Laws: a source gives only commits that are durable here (a replica's own: after a strict write), each replica's in sequence
 * order, ascending by position. `store` is idempotent, and what it answers with `stored` or `held` is durable as far as
 * this side promises (R8: a hub's is on the disk). Calls of one session come one after another, those of several
 * sessions side by side.
 */
import type { ErrorCode, ReplicaId, Sequence } from '@headwater/log'
import type { Facts, Position, ResumeToken, SentCommit, StreamId, Vector } from './messages.ts'

/** A bounded run of what a peer lacks. */
export interface ReadBatch {
  /** Ascending by position. */
  readonly commits: readonly SentCommit[]
  /** Everything up to here has been looked at; equals the `after` asked for when nothing lies behind it. */
  readonly through: Position
  /** What a resume token at `through` carries; at most 64 bytes. */
  readonly mark: Uint8Array
  /** Whether nothing lay behind `through` when it was read. */
  readonly isEnd: boolean
}

/** Bounds of `Source.read`. */
export interface ReadRequest {
  readonly signal?: AbortSignal
  /** Bytes of commits, at most, but always one commit. */
  readonly maxBytes: number
  /** Whether the peer lacks the commit of `replica` that ends with `lastSequence`. */
  readonly lacks: (replica: ReplicaId, lastSequence: Sequence) => boolean
}

/** What became of one commit that was handed to `store`. */
export type Outcome =
  /** New, and stored. */
  | { readonly type: 'stored' }
  /** Held already, or known to be replaced by another. */
  | { readonly type: 'held' }
  /**
   * Not taken. `FORK`, `SEQUENCE_GAP`, `STAMP_AHEAD` (with the fact `nowMs`), `FORBIDDEN` and so on; later commits of the
   * same replica are then refused as well, as `SEQUENCE_GAP`.
   */
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly facts: Facts }

/** The commits of one log or workspace. Errors of all calls: those of the log, which end the session. */
export interface Source {
  /** Names the positions of this source. A hub's changes when it may have forgotten. */
  readonly stream: StreamId
  /** The replica that writes here, as a session says it; a hub gives its stream's id. */
  readonly replica: ReplicaId
  /** All ids under which was written here: their commits are this side's to stamp anew. A hub has none. */
  readonly own: ReadonlySet<ReplicaId>
  /** The last position that is known of. No I/O. */
  readonly head: Position
  /** The last standing commit of each replica. Errors: `FORK` when another replica writes here than was said. */
  vector(): Promise<Vector>
  /** Commits behind `after` that the peer lacks. Rejects when aborted. */
  read(after: Position, request: ReadRequest): Promise<ReadBatch>
  /** Stores commits, each whole or not at all, none twice; an outcome for each, in order. */
  store(commits: readonly SentCommit[]): Promise<readonly Outcome[]>
  /** Chain hashes after the standing commits of `replica` that end with each of these sequences. */
  hashesOf(replica: ReplicaId, sequences: readonly Sequence[]): Promise<readonly (Uint8Array | undefined)[]>
  /** Where reading may start for a peer that shows this token: its position, or undefined when it does not fit. */
  resume(token: ResumeToken): Promise<Position | undefined>
  /**
   * Calls back when there may be something new, and with `revised` when this side voided commits by itself, so that what
   * sessions compared does not hold any more. Carries no data: sessions read.
   */
  subscribe(listener: (what?: 'changed' | 'revised') => void): () => void
}
