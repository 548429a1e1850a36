/**
 * Receipts: what `append` answers. A receipt tells the truth (L5) and is plain data, so that it may be stored and sent.
 */
import type { CommitId, Offset, ReplicaId, Sequence, Timestamp } from './identity.ts'

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
