/**
 * What the log's notes say of syncing before anybody was heard: whether it is paused, and how far it came.
 */
import type { Log } from '@headwater/log'
import { readProgress } from '@headwater/replication'
import { type LeaderStatus, NO_LEADER } from './leader-status.ts'
import { readPause } from './pauses.ts'

/** Names what is remembered of a hub. */
export const HUB_CHANNEL = 'hub'

/** How syncing fared when it was noted last. Errors: those of the log. */
export async function readKnown(log: Log): Promise<LeaderStatus> {
  const [reason, { sent, received, acknowledged }] = await Promise.all([
    readPause(log),
    readProgress(log, HUB_CHANNEL),
  ])
  const state = reason === undefined ? 'offline' : 'paused'
  return { ...NO_LEADER, state, reason, sent, received, acknowledged }
}
