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
import type { PackedDrafts } from './encode-drafts.ts'
import type { ErrorCode } from './error.ts'
import type { Draft, StoredEvent } from './event.ts'
import type { Exchange } from './exchange.ts'
import type { LogId, Offset, ReplicaId, Sequence, Timestamp } from './identity.ts'
import type { JsonPath } from './json.ts'
import type { Durability, Receipt } from './receipt.ts'
import type { VersionVector } from './version-vector.ts'

export type { Durability, Receipt }

/** Options of `Log.append`. */
export interface AppendOptions {
  /** Default `relaxed`. */
  readonly durability?: Durability
  /** Set when this append may already have been stored (a lost answer): the head known before the first try. */
  readonly retriedSince?: Offset
  /** Aborting before the commit is written rejects with `ABORTED` and stores nothing; later it has no effect. */
  readonly signal?: AbortSignal
}

/** Options of `Log.merge`. */
export interface MergeOptions extends Omit<AppendOptions, 'retriedSince'> {
  /**
   * For each commit the chain hash before it, as its sender computed it. A new commit must continue our chain of its replica,
   * a held one must have the same chain hash; otherwise `FORK`.
   */
  readonly previous?: readonly Uint8Array[]
  /** The epoch of the lease under which this is done; refused with `SUPERSEDED` when another one is stored. */
  readonly epoch?: number
  /** How far ahead of the wall clock a stamp may be. Default 24 hours. */
  readonly maxDriftMs?: number
}

/** What `Log.merge` did. */
export interface MergeResult {
  /** Events that were new, and stored. */
  readonly merged: number
  /** Events that were held already, or are known to be replaced. */
  readonly duplicates: number
  /** Events that stood before and do not any more, because commits that replace them came. */
  readonly voided: number
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

/** A commit that this build passes over whole: its judgement, which another build may not share. */
export interface PassedOver {
  readonly replica: ReplicaId
  /** Sequence and offset of the event that decided it. */
  readonly sequence: Sequence
  readonly offset: Offset
  /** Events of the commit, all of which are left out. */
  readonly count: number
  readonly type: string
  /** `EVENT_UNKNOWN` when skipped; `EVENT_INVALID`, `UPCAST_FAILED` or `COMMIT_DAMAGED` when quarantined. */
  readonly code: ErrorCode
  /** Where in the event's data the fault lies, when it lies there. */
  readonly path?: JsonPath
}

/**
 * A bounded run of events in offset order. Events of voided commits are left out, and so are those of commits that this
 * build passes over: it does not know a type in them (`skipped`), or a payload fails its schema or upcaster after it came
 * from elsewhere (`quarantined`). A newer version of a known type is given, with its `fault`.
 */
export interface EventBatch {
  readonly events: readonly StoredEvent[]
  /**
   * Events below or in this batch that were voided by something in it: whoever folded one folds its key again without it.
   * None of them is in `events`; one that was not folded may be named.
   */
  readonly voids: readonly StoredEvent[]
  /** Commits that begin in this batch and hold a type that no definition of this build names. */
  readonly skipped: readonly PassedOver[]
  /** Commits that begin in this batch and hold a payload that this build cannot take. */
  readonly quarantined: readonly PassedOver[]
  /** Everything up to here has been read; continue with `read(through)`. Equals the `after` asked for when at the end. */
  readonly through: Offset
  /** Events passed over because their type is in no definition of this build, by type. */
  readonly unknown: ReadonlyMap<string, number>
}

/** A batch in which nothing is, up to an offset. */
export function emptyBatch(through: Offset): EventBatch {
  return { events: [], voids: [], skipped: [], quarantined: [], unknown: new Map(), through }
}

/** One stored commit, whole, as its author's bytes. */
export interface StoredCommit {
  /** Offset of the commit's first event in this log. */
  readonly firstOffset: Offset
  /** The author's bytes (`commit.ts`, FORMAT.md). Not to be changed. */
  readonly bytes: Uint8Array
}

/** A stored commit and its place in its replica's chain. */
export interface ChainedCommit extends StoredCommit {
  readonly replica: ReplicaId
  readonly firstSequence: Sequence
  readonly count: number
  /** The chain hash before it, 32 bytes; `CHAIN_START` for a replica's first. */
  readonly previous: Uint8Array
  /** Whether this log wrote it: then it is sent only once `harden` covers it. */
  readonly isOwn: boolean
}

/** A bounded run of standing commits in offset order: voided ones are left out, and counted in `through`. */
export interface CommitBatch<Commit extends StoredCommit = StoredCommit> {
  readonly commits: readonly Commit[]
  /** Everything up to here has been read; equals the `after` asked for when at the end. */
  readonly through: Offset
}

/** Bounds of one `Log.readCommits`. */
export interface ReadCommitsOptions {
  /** Default 1 MiB. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

/** Where a commit ends, and its stamp. */
export interface CommitEnd {
  readonly offset: Offset
  readonly timestamp: Timestamp
}

/** What a log holds, for `status`. */
export interface LogSize {
  readonly records: number
  readonly bytes: number
  /** Events that are set aside: another branch of their replica stands, and their reissue has not come. */
  readonly aside: number
}

/** The log. */
export interface Log extends Exchange {
  /** Drawn when the log was created. */
  readonly id: LogId
  /** The last offset that this handle knows of; may be behind what other tabs wrote. No I/O. */
  readonly head: Offset
  /** This profile's replica id. */
  readonly replica: ReplicaId
  /** All ids under which this log wrote, as this handle knows: `replica`, and what it was before. */
  readonly own: ReadonlySet<ReplicaId>
  /** By which event types, in which versions, this build judges what it reads, as text. */
  readonly build: string
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
   * Stores foreign commits (author's bytes, in sequence order per replica), each whole or not at all, none twice. One that
   * is known to be replaced is passed over; one that says `replaces` voids what it replaces, and what its replica wrote
   * behind that, in the same transaction. Errors: `COMMIT_DAMAGED`, `SEQUENCE_GAP`, `FORK` (facts: `replica`,
   * `firstSequence`, `count`), `STAMP_AHEAD`, `SUPERSEDED`, and those of `append`. At an error nothing of this call is
   * stored.
   */
  merge(commits: readonly Uint8Array[], options?: MergeOptions): Promise<MergeResult>
  /**
   * Events after `after`, bounded; a handle that was given them knows also who writes here and what stands, as of there.
   * Errors: `RECORD_DAMAGED` when the very next event cannot be read, `FORMAT_NEWER`.
   */
  read(after: Offset, options?: ReadOptions): Promise<EventBatch>
  /** The events at these offsets (ascending), each stored record read once. */
  readAt(offsets: readonly Offset[], signal?: AbortSignal): Promise<readonly StoredEvent[]>
  /** The end of the last whole standing commit up to an offset; nothing where there is none. Errors: `RECORD_DAMAGED`. */
  lastCommit(through: Offset): Promise<CommitEnd | undefined>
  /** All events up to an offset that do not stand any more, as far as this handle knows (see `voidsVersion`). */
  readVoided(
    through: Offset,
    options?: Pick<ReadOptions, 'types' | 'signal'>,
  ): Promise<readonly StoredEvent[]>
  /** Raised when commits stop to stand, as far as this handle knows: what was read before may not hold any more. */
  readonly voidsVersion: number
  /** Whole standing commits that begin after `after`, bounded to `maxBytes` but at least one. */
  readCommits(after: Offset, options?: ReadCommitsOptions): Promise<CommitBatch>
  /** The same, each with its place in its replica's chain. Errors: `RECORD_DAMAGED` where a chain cannot be followed. */
  readChained(after: Offset, options?: ReadCommitsOptions): Promise<CommitBatch<ChainedCommit>>
  /** The high-water mark per replica of what stands, as of the newest stored record. */
  vector(): Promise<VersionVector>
  /** Calls `listener` with the new head whenever this handle learns of one. Carries no data: readers read. */
  subscribe(listener: (head: Offset) => void): () => void
  /** Takes another tab's word that the head is at `head` at least. */
  hint(head: Offset): void
  /** Packs small records into segments, in short transactions, until nothing is worth packing. L7. */
  pack(signal?: AbortSignal): Promise<{ readonly recordsPacked: number }>
  /** What is held, for `status`. */
  size(): Promise<LogSize>
  close(): Promise<void>
}
