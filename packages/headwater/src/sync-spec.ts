/**
 * With whom a database syncs, as `hub` and `nearby` make it: plain data for the engine, and the page's part of syncing, so
 * that a page that does not sync does not load it.
 */
import type { ConnectedPart } from './client/connection.ts'
import type { Presence } from './presence.ts'
import type { Args, Method, Report, Result } from './protocol.ts'
import type { Sync } from './sync.ts'
import type { SyncPlace } from './sync-place.ts'

/** What an app hands to `openDatabase`. Made by `hub` and `nearby`. */
export interface SyncSpec {
  readonly place: SyncPlace
  /** Makes the page's part, once for each open database. */
  readonly attach: (ask: AskEngine) => SyncPart
}

/** Asks the engine. */
export type AskEngine = <M extends Method>(
  method: M,
  args: Args<M>,
  options: { readonly silenceMs: number; readonly signal?: AbortSignal | undefined },
) => Promise<Result<M>>

/** What the engine says of syncing by itself. */
export type SyncReport = Extract<Report, { type: 'sync' | 'presence' | 'tokenWanted' }>

/** The page's part of syncing. */
export interface SyncPart extends ConnectedPart {
  readonly sync: Sync
  readonly presence: Presence
  readonly heard: (report: SyncReport) => void
  /** Rejects with `UNSENT` while the hub lacks commits of this device. */
  readonly mayDestroy: () => Promise<void>
}
