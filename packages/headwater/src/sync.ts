/**
 * Replication as an app sees it: how it fares, and what may be asked of it. The log itself is the queue: what is appended
 * offline is sent once there is a peer, and nothing that an app does waits for one. One tab replicates for all tabs of a
 * database; all of them see the same status and may ask the same.
 */
import type { ErrorData, Receipt } from '@headwater/log'

/**
 * `offline`: no connection, another try is planned; `connecting`; `catching up`: what one side lacks is on its way;
 * `live`: both hold the same, and changes pass as they come; `paused`: by `pause`; `refused`: the other side will not
 * have us (`error` says why), and nothing is tried until `resume` or a reload.
 */
export type SyncState = 'offline' | 'connecting' | 'catching up' | 'live' | 'paused' | 'refused'

/** How replication fares. Plain data, and the same object until something changed. Counts are of events. */
export interface SyncStatus {
  readonly state: SyncState
  /** Why it is paused, as given to `pause`. */
  readonly reason: string | undefined
  /** Why it is not live, or what went wrong last. */
  readonly error: ErrorData | undefined
  /**
   * Over the life of this log: what the hub (or peers) acknowledged, and what came from there. Noted once a second: who leaves
   * before that has counted too little. What is held there, exactly, is the log's head − `pending`.
   */
  readonly sent: number
  readonly received: number
  /** Events here that the hub (with `nearby`, any peer) has not acknowledged yet. */
  readonly pending: number
  /** Commits that the other side does not take: they stay here, with what their replica wrote after them. */
  readonly refused: readonly RefusedCommit[]
  /** While offline: the wait before the next try, in milliseconds, when one is planned. */
  readonly retryInMs: number | undefined
  /** Whether this tab replicates for all of them. */
  readonly leads: boolean
}

/** A commit that the other side does not take. */
export interface RefusedCommit {
  readonly replica: string
  readonly firstSequence: number
  readonly lastSequence: number
  readonly error: ErrorData
}

/** Replication of an open database. */
export interface Sync {
  readonly get: () => SyncStatus
  readonly subscribe: (listener: (status: SyncStatus) => void) => () => void
  /** Ends the connection and tries none, for all tabs, until `resume`; kept across reloads. Errors: those of storage. */
  readonly pause: (reason?: string) => Promise<void>
  /** Takes a pause away, and tries again at once, also after a refusal, and with commits that were refused. Errors: those of storage. */
  readonly resume: () => Promise<void>
  /**
   * Resolves when the hub has durably stored the commit, also one of an earlier visit (a receipt is plain data). Rejects
   * with the code of its refusal, `DEADLINE`, `ABORTED`, or `SYNC_OFF` where there is no hub to reach.
   */
  readonly reached: (receipt: Receipt, target: 'hub', options?: ReachedOptions) => Promise<void>
}

/** How long to wait. */
export interface ReachedOptions {
  /** Milliseconds from now (default 30,000). */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}
