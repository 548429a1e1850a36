/**
 * A replicator at work for one epoch: made for the place that the app named, paused as the app wants it, followed for its
 * status. When the hub prefers another session of this replica although we lead (a tab that thawed was quicker to connect
 * than to hear that it leads no more), it is tried again, ever more rarely.
 */
import {
  createNearbyReplicator,
  createReplicator,
  createWebSocketTransport,
  type Replicator,
} from '@headwater/replication'
import type { SyncState } from '../../sync.ts'
import { HUB_CHANNEL } from './known.ts'
import type { LeadOptions } from './lead-options.ts'
import { toLeaderStatus } from './leader-status.ts'

/** A replicator at work. */
export interface Replicating {
  /** Pauses for this reason, or not; `retries` also leaves a refusal, and a wait between two tries. */
  readonly pauseAs: (reason: string | undefined, retries: boolean) => void
  readonly present: (bytes: Uint8Array) => void
  readonly close: () => Promise<void>
}

/** A reason that is never given: resuming by it takes away a refusal and a wait, and no pause. */
const NO_REASON = ''
const FIRST_SUPERSEDED_MS = 1_000
const LAST_SUPERSEDED_MS = 60_000

/** Starts replicating under an epoch. */
export function startReplicating(options: LeadOptions, epoch: number): Replicating {
  const { scheduler } = options.platform
  const replicator = makeReplicator(options, epoch)
  let reason: string | undefined
  let before: SyncState = 'offline'
  let supersededMs = FIRST_SUPERSEDED_MS
  let cancel = (): void => undefined

  const tryAgain = (): void => {
    options.onSuperseded() // where it is the log that says so, this epoch is over
    cancel()
    cancel = scheduler.after(supersededMs, () => replicator.resume(NO_REASON))
    supersededMs = Math.min(LAST_SUPERSEDED_MS, supersededMs * 2)
  }
  const off = replicator.subscribe((status) => {
    const shown = toLeaderStatus(status)
    const isNews = shown.state !== before
    before = shown.state
    options.onStatus(epoch, shown)
    if (!isNews) return // what is appended meanwhile must not put off the next try
    if (shown.state === 'catching up') {
      options.onLive()
      supersededMs = FIRST_SUPERSEDED_MS
    }
    if (shown.state === 'refused' && shown.error?.code === 'SUPERSEDED') tryAgain()
  })
  const offOnline = options.platform.onOnline(() => replicator.hurry())
  return {
    pauseAs: (next, retries) => {
      const before = reason
      reason = next
      if (next !== undefined && next !== before) replicator.pause(next)
      if (before !== undefined && next !== before) replicator.resume(before)
      if (next === undefined && retries) replicator.resume(NO_REASON)
    },
    present: (bytes) => replicator.present(bytes),
    close: async () => {
      off()
      offOnline()
      cancel()
      await replicator.close()
    },
  }
}

function makeReplicator(options: LeadOptions, epoch: number): Replicator {
  const { place, log, platform, onPresence } = options
  const { clock, random, scheduler } = platform
  const parts = { log, clock, random, scheduler, onPresence, epoch: () => epoch }
  if (place.type === 'nearby') {
    const open = platform.openNearby(`headwater-nearby:${place.channel}`)
    return createNearbyReplicator({ ...parts, open })
  }
  const transport = createWebSocketTransport(place.url, platform.openSocket)
  const workspace = place.workspace ?? options.workspace
  const token = place.hasToken ? { token: options.token } : {}
  return createReplicator({ ...parts, ...token, transport, workspace, role: 'client', channel: HUB_CHANNEL })
}
