/**
 * What replication needs of a log beyond `log.ts`: chain hashes to tell a fork, reissuing and setting aside what cannot
 * stand, durability on demand, and a leader's lease and notes in the log's own database. Checked by the same contract
 * suite, on every implementation.
 *
 * - **L3** A fork is detected by chain hash, also when the peer is ahead; what loses is voided by name, never dropped.
 * - **L1** Reissuing voids and appends in one transaction; no reader of a fresh handle sees one without the other.
 * - **L4** A reissued commit has a new replica and a fresh stamp, never the old sequence with other content.
 * - **L2** A reader that passes a voiding hears of it (`EventBatch.voids`); one that comes later never sees what was voided.
 */
import type { ChainVector } from './chains/chain-vector.ts'
import type { Enveloped, EnvelopeKey } from './envelopes.ts'
import type { Offset, ReplicaId, Sequence } from './identity.ts'
import type { Json } from './json.ts'
import type { LeaseBook } from './lease.ts'
import type { Durability, Receipt } from './receipt.ts'

/** Options of what only a leader does. */
export interface LeaderOptions {
  /** The epoch of the lease under which this is done; refused with `SUPERSEDED` when another one is stored. */
  readonly epoch?: number
  /** Default `relaxed`. */
  readonly durability?: Durability
  readonly signal?: AbortSignal
}

/** Which own commits are reissued. */
export interface ReissueOptions extends LeaderOptions {
  /** The replica id under which they were written: this log's, or one that it had before. */
  readonly replica: ReplicaId
  /** Commits that end behind this sequence are reissued; 0 for all. */
  readonly after: Sequence
  /**
   * Set when the commits are refused for their stamps: what the wall clock lacks, kept as by `setClockOffset`. The clock
   * then starts again from what stands, so that the fresh stamps are not later than they must be.
   */
  readonly clockOffsetMs?: number
}

/** What reissuing did. */
export interface Reissued {
  /** Who writes here from now on; unchanged when there was nothing to reissue. */
  readonly replica: ReplicaId
  /** Where the commits landed, in the order in which they were first written, each with its old commit id. */
  readonly receipts: readonly Receipt[]
  readonly head: Offset
}

/** What setting aside did. */
export interface SetAside {
  /** Events that stood before. */
  readonly events: number
  readonly head: Offset
}

/** Small durable values of replication's own, by name: tokens, counts, refused commits. */
export interface Notes {
  /** What was set last; undefined when nothing was. */
  get(name: string): Promise<Json | undefined>
  /** Stores a value, or forgets it when undefined. Errors: `SUPERSEDED`, those of `append` for storage. */
  set(name: string, value: Json | undefined, options?: LeaderOptions): Promise<void>
}

/** What hubs said of other people's commits, kept beside them (`envelopes.ts`). */
export interface Envelopes {
  /**
   * Keeps envelopes of 1 to 4,096 bytes; of one commit the latest. Errors: `SUPERSEDED`, those of `append` for storage.
   */
  keep(enveloped: readonly Enveloped[], options?: LeaderOptions): Promise<void>
  /** What was kept for each of these commits; undefined where nothing was. */
  find(ends: readonly EnvelopeKey[]): Promise<readonly (Uint8Array | undefined)[]>
}

/** What replication needs of a log. */
export interface Exchange {
  /** The chain vector of what stands at the newest stored record; computed from stored bytes, from a checkpoint on. */
  chains(): Promise<ChainVector>
  /**
   * The chain hash after the standing commit of `replica` that *ends* with each of these sequences; undefined where none
   * ends there. `CHAIN_START` for 0.
   */
  hashesOf(replica: ReplicaId, sequences: readonly number[]): Promise<readonly (Uint8Array | undefined)[]>
  /** Makes what was stored before survive the machine, as far as the engine keeps that: everything up to the answer. */
  harden(): Promise<Offset>
  /**
   * Voids the standing commits of `replica` behind a sequence and, in the same transaction, appends the same events under a
   * freshly drawn replica id, with fresh stamps, the same commit ids and the header `replaces`. `Log.replica` is the new id
   * then. Errors: `SUPERSEDED` and those of `append`. To reissue what another log wrote is a bug.
   */
  reissue(options: ReissueOptions): Promise<Reissued>
  /**
   * Takes a freshly drawn replica id for what is appended here from now on, because another log writes under the present one;
   * what stands stays as it is. `Log.replica` is the new id then. Errors: `SUPERSEDED` and those of `append`.
   */
  renew(options?: LeaderOptions): Promise<ReplicaId>
  /**
   * Voids the standing commits of another replica that end behind `after`, because another branch of it stands: they are
   * kept aside until their reissue comes. Nothing to void is no error. Errors: `SUPERSEDED` and those of `append`.
   */
  setAside(replica: ReplicaId, after: Sequence, options?: LeaderOptions): Promise<SetAside>
  /** What the wall clock lacks, in milliseconds, as this handle knows it. */
  readonly clockOffsetMs: number
  /** Keeps what the wall clock lacks; later stamps are made of both. Other tabs learn it with the next record they see. */
  setClockOffset(offsetMs: number, options?: LeaderOptions): Promise<void>
  readonly lease: LeaseBook
  readonly notes: Notes
  readonly envelopes: Envelopes
  /** The receipt of the commit that took this one's place, through all reissues; the same receipt when it stands. */
  findReceipt(receipt: Receipt): Promise<Receipt>
}
