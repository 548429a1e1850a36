/**
 * The `Log`: the append-only sequence of commits that is the only source of truth. Its laws bind every
 * implementation and are checked by one contract suite (`test/contract/log.contract.ts`).
 *
 * - **L1** A commit is all or nothing.
 * - **L2** Offsets strictly increase; a reader of "after o" misses nothing, whichever tab wrote.
 * - **L3** Merge is idempotent and takes each replica's events in sequence order; a gap is refused, never guessed; the
 *   same (replica, sequence) with other content is a detected fork, never a silent drop.
 * - **L4** Per replica, sequences (one an event) and timestamps (one a commit) strictly increase, also when the wall
 *   clock goes back.
 * - **L5** A receipt tells the truth: `committed` survives the process, `durable` survives the machine.
 * - **L6** All tabs on one log see one history.
 * - **L7** Packing and compaction change no reader's answer.
 * - **L8** `close` is idempotent; later calls fail by name (`CLOSED`).
 */
import type { PackedDrafts } from './draft.ts'
import type { Draft, StoredEvent } from './event.ts'
import type { CommitId, LogId, Offset, ReplicaId, Sequence, Timestamp } from './identity.ts'
import type { VersionVector } from './version-vector.ts'

/** How durable an append must be before it resolves: in the browser's hands, or on the disk. */
export type Durability = 'relaxed' | 'strict'

/** Where the events of one `append` landed and how durably. Plain data: it may be stored and sent. */
export interface Receipt {
  readonly commitId: CommitId
  readonly replica: ReplicaId
  /** Sequence of the commit's first event; the others follow without gaps. */
  readonly firstSequence: Sequence
  readonly count: number
  /** Offset of the commit's *last* event, in this log. */
  readonly offset: Offset
  readonly timestamp: Timestamp
  /** `committed` survives the process; `durable` survives the machine, and is said only where the engine keeps it. */
  readonly held: 'committed' | 'durable'
}

/** Options of `Log.append`. */
export interface AppendOptions {
  /** Default `relaxed`. */
  readonly durability?: Durability
  /** Set when this append may already have been stored (a lost answer): the head known before the first try. */
  readonly retriedSince?: Offset
  /** Aborting before the commit is written rejects with `ABORTED` and stores nothing; later it has no effect. */
  readonly signal?: AbortSignal
}

/** What `Log.merge` did. */
export interface MergeResult {
  /** Events that were new, and stored. */
  readonly merged: number
  /** Events that were held already. */
  readonly duplicates: number
  readonly head: Offset
}

/** Bounds of one `Log.read`. */
export interface ReadOptions {
  /** At most this many events (default 2,000); a commit is never cut in two by decoding, but a batch may end inside one. */
  readonly maxEvents?: number
  /** Only bodies of these types are parsed; events of other types are left out of the batch but counted in `through`. */
  readonly types?: ReadonlySet<string>
  readonly signal?: AbortSignal
}

/** A bounded run of events in offset order. */
export interface EventBatch {
  readonly events: readonly StoredEvent[]
  /** Everything up to here has been read; continue with `read(through)`. Equals the `after` asked for when at the end. */
  readonly through: Offset
  /** Events passed over because their type is in no definition of this build, by type. */
  readonly unknown: ReadonlyMap<string, number>
}

/** One stored commit, whole, as its author's bytes. */
export interface StoredCommit {
  /** Offset of the commit's first event in this log. */
  readonly firstOffset: Offset
  /** The author's bytes (`commit.ts`, FORMAT.md). Not to be changed. */
  readonly bytes: Uint8Array
}

/** A bounded run of commits in offset order. */
export interface CommitBatch {
  readonly commits: readonly StoredCommit[]
  readonly through: Offset
}

/** The log. */
export interface Log {
  /** Drawn when the log was created. */
  readonly id: LogId
  /** The last offset that this handle knows of; may be behind what other tabs wrote. No I/O. */
  readonly head: Offset
  /** This profile's replica id. */
  readonly replica: ReplicaId
  /** Why the log takes no appends, when it takes none. */
  readonly readOnly: Error | undefined
  /** Looks at the store itself for the head, so that another tab's commits are seen. */
  refresh(): Promise<Offset>
  /**
   * Says that one append follows in this task, so that asking the store can begin while its drafts are being encoded. A hint:
   * what follows may be nothing.
   */
  prepare(durability?: Durability): void
  /**
   * Stores the drafts as one commit. Errors: the codes of `packDrafts`, `READ_ONLY`, `STORAGE_FULL`, `STORAGE_LOST`,
   * `QUEUE_FULL` (64 MiB wait already; nothing of this one is stored), `ABORTED`, `CLOSED`.
   */
  append(drafts: readonly Draft[] | PackedDrafts, options?: AppendOptions): Promise<Receipt>
  /**
   * Stores foreign commits (author's bytes, in sequence order per replica), each whole or not at all, none twice.
   * Errors: `COMMIT_DAMAGED`, `SEQUENCE_GAP`, `FORK`, `STAMP_AHEAD`, and those of `append`. At an error nothing of this
   * call is stored.
   */
  merge(commits: readonly Uint8Array[], options?: AppendOptions): Promise<MergeResult>
  /** Events after `after`, bounded. Errors: `RECORD_DAMAGED` when the very next event cannot be read, `FORMAT_NEWER`. */
  read(after: Offset, options?: ReadOptions): Promise<EventBatch>
  /** The events at these offsets (ascending), each stored record read once. */
  readAt(offsets: readonly Offset[], signal?: AbortSignal): Promise<readonly StoredEvent[]>
  /** Whole commits that begin after `after`, bounded to `maxBytes` (default 1 MiB) but at least one. */
  readCommits(
    after: Offset,
    options?: { readonly maxBytes?: number; readonly signal?: AbortSignal },
  ): Promise<CommitBatch>
  /** The high-water mark per replica, as of the newest stored record. */
  vector(): Promise<VersionVector>
  /** Calls `listener` with the new head whenever this handle learns of one. Carries no data: readers read. */
  subscribe(listener: (head: Offset) => void): () => void
  /** Takes another tab's word that the head is at `head` at least. */
  hint(head: Offset): void
  /** Packs small records into segments, in short transactions, until nothing is worth packing. L7. */
  pack(signal?: AbortSignal): Promise<{ readonly recordsPacked: number }>
  /** Bytes and records held, for `status`. */
  size(): Promise<{ readonly records: number; readonly bytes: number }>
  close(): Promise<void>
}
