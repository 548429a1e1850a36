/**
 * What leading takes: shared by what begins and ends it (`lead.ts`) and by the replicator at work (`replicating.ts`).
 */
import type { SyncOptions } from './engine-sync.ts'
import type { LeaderStatus } from './leader-status.ts'

/** What it is given beside what syncing is made of. */
export interface LeadOptions extends SyncOptions {
  readonly token: () => Promise<string>
  readonly onStatus: (epoch: number, status: LeaderStatus) => void
  /** A connection stands: whoever is here may say so. */
  readonly onLive: () => void
  readonly onPresence: (bytes: Uint8Array) => void
  /** The log or the hub says that another leads. */
  readonly onSuperseded: () => void
}
