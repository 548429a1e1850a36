/**
 * The platform powers that the composition needs beside those of the log and the views: tabs that hear of each other
 * and locks. The real ones are made in `platform.ts`; tests hand in their own.
 */
import type { IndexedDbLogOptions, Random, Scheduler, WallClock } from '@headwater/log'
import type { OpenNearbyChannel, Socket } from '@headwater/replication'
import type { Locks } from '@headwater/views'
import type { LeaderStatus } from './engine/sync/leader-status.ts'

/** Where a database lives: in the origin's IndexedDB, or in memory for as long as it is open. */
export type Storage = 'indexeddb' | 'memory'

/**
 * What tabs tell each other. Hints only: who misses one finds out by looking. `destroyed` is the exception: the tab
 * that deletes the databases asks the others to let go of them, and waits a bounded time.
 */
export type TabMessage =
  | { readonly type: 'head'; readonly head: number }
  | { readonly type: 'checkpoint' }
  | { readonly type: 'destroyed' }
  | SyncMessage

/** What tabs tell each other of syncing, on a channel of its own. All but presence comes again where it was missed. */
export type SyncMessage =
  /** Of the tab that leads, under its epoch. */
  | { readonly type: 'fares'; readonly epoch: number; readonly status: LeaderStatus }
  /** A tab came: who leads says how it fares. */
  | { readonly type: 'asks' }
  /** Syncing was paused or resumed: look at the note; `retries` also leaves a refusal. */
  | { readonly type: 'paused'; readonly retries: boolean }
  /** Who is here: said by a tab, or passed on from a peer. */
  | { readonly type: 'present'; readonly bytes: Uint8Array; readonly from: 'tab' | 'peer' }

/** A channel between the tabs of one database. A tab does not hear itself. */
export interface TabChannel {
  readonly post: (message: TabMessage) => void
  readonly close: () => void
}

/** Elapsed time: what the page side waits by. */
export type Timers = Pick<Scheduler, 'elapsedMs' | 'after'>

/** What the page side needs. */
export interface Powers {
  readonly random: Random
  readonly scheduler: Timers
}

/** What the engine needs. */
export interface Platform extends Powers {
  readonly clock: WallClock
  readonly scheduler: Scheduler
  /** Rejects with `STORAGE_UNAVAILABLE` where a browser keeps Web Locks from this page. */
  readonly locks: (storage: Storage) => Locks
  readonly openChannel: (name: string, listener: (message: TabMessage) => void) => TabChannel
  /** Opens a WebSocket. */
  readonly openSocket: (url: string) => Socket
  /** Calls back when the network is back, where the platform tells. The result stops it. */
  readonly onOnline: (listener: () => void) => () => void
  /** Opens a channel between databases of this origin. */
  readonly openNearby: (name: string) => OpenNearbyChannel
  /** Whether IndexedDB's `strict` durability is known to reach the disk here; only then a receipt says `durable` (L5). */
  readonly strictHonoured: boolean
  /** IndexedDB and its key ranges, where they are not the global ones: simulated tabs bring their own. */
  readonly indexedDb?: Required<Pick<IndexedDbLogOptions, 'factory' | 'keyRange'>>
}
