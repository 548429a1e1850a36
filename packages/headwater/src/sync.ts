/**
 * Replication as an app sees it: with whom a database syncs (`hub`, `nearby`), and how that fares. The log itself is the
 * queue: what is appended offline is sent once there is a peer, and nothing that an app does waits for one.
 */
import type { ErrorData, Receipt } from '@headwater/log'

/**
 * `offline`: no connection, another try is planned; `connecting`; `catching up`: what one side lacks is on its way;
 * `live`: both hold the same, and changes pass as they come; `paused`: by `pause()`; `refused`: the other side will not
 * have us (`error` says why), and nothing is tried until `resume()` or a reload.
 */
export type SyncState = 'offline' | 'connecting' | 'catching up' | 'live' | 'paused' | 'refused'

/** How replication fares. Plain data, the same in every tab, and the same object until something changed. */
export interface SyncStatus {
  readonly state: SyncState
  /** Why it is paused, as given to `pause`. */
  readonly reason: string | undefined
  readonly error: ErrorData | undefined
  /** Commits, over the life of this log. */
  readonly sent: number
  readonly received: number
  /** Own commits that the hub (or no peer, with `nearby`) has confirmed yet. */
  readonly pending: number
  /** Own commits that will not be taken, newest last, at most 100: they stay here, and block nothing. */
  readonly refused: readonly RefusedCommit[]
  /** When the next connection is tried, in milliseconds from now, when one is planned. */
  readonly retryInMs: number | undefined
  /** Whether this tab replicates for all of them. */
  readonly leads: boolean
}

/** A commit of this replica that the hub does not take. */
export interface RefusedCommit {
  readonly replica: string
  readonly sequence: number
  readonly error: ErrorData
}

/** Replication of an open database. */
export interface Sync {
  get(): SyncStatus
  subscribe(listener: (status: SyncStatus) => void): () => void
  /** Ends the connection and tries none, in all tabs, until `resume`. Kept across reloads. */
  pause(reason?: string): Promise<void>
  resume(): Promise<void>
  /**
   * Resolves when the hub has durably stored the commit, also one of an earlier visit (a receipt is plain data). Rejects
   * with the code of its refusal, `DEADLINE`, `ABORTED`, or `SYNC_OFF` in a database that does not sync.
   */
  reached(receipt: Receipt, target: 'hub', options?: ReachedOptions): Promise<void>
}

export interface ReachedOptions {
  /** Milliseconds from now (default 30,000). */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

/** With whom a database syncs. Made by `hub` and `nearby`. */
export type SyncSpec = HubSpec | NearbySpec

export interface HubSpec {
  readonly type: 'hub'
  /** `wss://…`; a relative one is resolved against the page. */
  readonly url: string
  /** The workspace, where the token does not name it. */
  readonly workspace: string
  /** Asked afresh for each connection; it may be asynchronous. */
  readonly token: (() => string | Promise<string>) | undefined
}

export interface NearbySpec {
  readonly type: 'nearby'
  readonly channel: string
}

/** Syncs with a hub over a WebSocket. */
export function hub(options: {
  readonly url: string
  readonly workspace?: string
  readonly token?: () => string | Promise<string>
}): HubSpec {
  return { type: 'hub', url: options.url, workspace: options.workspace ?? 'default', token: options.token }
}

/**
 * Syncs with databases of *other names* in pages of this origin, through a BroadcastChannel: without any network. Tabs of
 * one database need no sync, they share their log.
 */
export function nearby(options: { readonly channel: string }): NearbySpec {
  return { type: 'nearby', channel: options.channel }
}
