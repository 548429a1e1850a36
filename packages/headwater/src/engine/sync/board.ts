/**
 * How syncing fares, as one tab knows it: from its own replicator while it leads, else from what the leading tab says. A word
 * of an epoch that is over (of a tab that was frozen) is not heard.
 */
import type { Log } from '@headwater/log'
import type { SyncStatus } from '../../sync.ts'
import { type LeaderStatus, NO_LEADER, toSyncStatus } from './leader-status.ts'

/** The board of one tab. */
export interface SyncBoard {
  readonly leader: () => LeaderStatus
  readonly status: () => SyncStatus
  readonly leads: () => boolean
  /** What is known of an epoch: 0 for what was stored, before any leader was heard. */
  readonly hear: (epoch: number, status: LeaderStatus) => void
  readonly setLeads: (leads: boolean) => void
  /** Calls back after each change, also of the log's head. */
  readonly subscribe: (listener: () => void) => () => void
  readonly close: () => void
}

/** Knows nothing yet. */
export function createSyncBoard(log: Log): SyncBoard {
  const listeners = new Set<() => void>()
  let leader = NO_LEADER
  let heardEpoch = 0
  let leads = false
  const tell = (): void => {
    for (const listener of Array.from(listeners)) listener()
  }
  const off = log.subscribe(tell)
  return {
    leader: () => leader,
    status: () => toSyncStatus(leader, log.head, leads),
    leads: () => leads,
    hear: (epoch, status) => {
      if (epoch < heardEpoch) return
      heardEpoch = epoch
      leader = status
      tell()
    },
    setLeads: (now) => {
      leads = now
      tell()
    },
    subscribe: (listener) => {
      const own = (): void => listener()
      listeners.add(own)
      return () => listeners.delete(own)
    },
    close: off,
  }
}
