/**
 * What an engine holds of syncing: the calls that the page may make of it. Without `sync` it is `NO_SYNC`; with it, what
 * `load.ts` fetches when the database is open.
 */
import { HeadwaterError, type Log, type Receipt } from '@headwater/log'
import type { Locks } from '@headwater/views'
import type { TokenAnswer } from '../../protocol.ts'
import type { Platform } from '../../seams.ts'
import type { SyncPlace } from '../../sync-place.ts'
import type { Reporter } from '../reporter.ts'

/** Syncing, as the engine's calls use it. */
export interface EngineSync {
  readonly pause: (reason: string) => Promise<void>
  readonly resume: () => Promise<void>
  /** Resolves when the hub has the commit. Errors: the refusal's code, `DEADLINE`, `ABORTED`, `SYNC_OFF`. */
  readonly reached: (receipt: Receipt, deadlineMs: number, signal: AbortSignal) => Promise<void>
  readonly present: (text: string | undefined) => Promise<void>
  readonly giveToken: (id: number, answer: TokenAnswer) => Promise<void>
  /** Rejects with `UNSENT` while the hub lacks commits of this device. */
  readonly mayDestroy: (signal: AbortSignal) => Promise<void>
  readonly close: () => Promise<void>
}

/** What syncing is made of. */
export interface SyncOptions {
  readonly place: SyncPlace
  readonly log: Log
  /** Names locks and channels: that of the database. */
  readonly scope: string
  /** The workspace where the app names none. */
  readonly workspace: string
  readonly locks: Locks
  readonly platform: Platform
  readonly report: Reporter['report']
  readonly onError: (error: unknown) => void
}

/** The database does not sync. */
export const NO_SYNC: EngineSync = {
  pause: () => Promise.reject(syncOff()),
  resume: () => Promise.reject(syncOff()),
  reached: () => Promise.reject(syncOff()),
  present: () => Promise.reject(syncOff()),
  giveToken: () => Promise.reject(syncOff()),
  mayDestroy: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

/** What a question about a hub gets where there is none. */
export function syncOff(): HeadwaterError {
  return new HeadwaterError('SYNC_OFF', 'This database does not sync with a hub.', {
    hint: 'Open it with `sync: hub({ url })`.',
  })
}
