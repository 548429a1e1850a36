/**
 * What a replicator says of itself, as plain data for pages and logs.
 */
import type { ErrorData } from '@headwater/log'
import type { Refusal } from '../session/state.ts'

/** What replication is doing. */
export type ReplicatorState = 'offline' | 'connecting' | 'catching-up' | 'live' | 'paused' | 'refused'

/** What there is to say of it. Plain data; a new object at each change. */
export interface ReplicatorStatus {
  readonly state: ReplicatorState
  /** Why it is paused, when it is. */
  readonly reasons: readonly string[]
  /** Events that the peer acknowledged, and that came from it, since the log was first connected here. */
  readonly sent: number
  readonly received: number
  /** Events of this log that the peer has not acknowledged, at most: what lies behind `acknowledged`. */
  readonly pending: number
  /** The offset up to which the peer has dealt with everything: what was stored there or, by name, refused. */
  readonly acknowledged: number
  /** Commits that the peer does not take, one for each replica: the rest of it waits behind. */
  readonly refused: readonly Refusal[]
  readonly lastError: ErrorData | undefined
  /** When it is offline: how long until it tries again. */
  readonly retryInMs: number | undefined
}
