/**
 * What the leading tab does: one replicator, under the epoch of its lease, from the moment at which it leads until it does not.
 * Beginning and ending come one after the other, however quickly leadership changes.
 */
import type { ErrorData } from '@headwater/log'
import {
  createNearbyReplicator,
  createReplicator,
  createWebSocketTransport,
  type Replicator,
} from '@headwater/replication'
import type { SyncOptions } from './engine-sync.ts'
import { HUB_CHANNEL, readKnown } from './known.ts'
import { type LeaderStatus, toLeaderStatus } from './leader-status.ts'
import { readPause } from './pauses.ts'

/** The leading tab's work. */
export interface Lead {
  readonly begin: (epoch: number) => void
  /** Ends it; resolves when nothing of it runs any more. */
  readonly end: () => Promise<void>
  /** Looks again whether it is paused; `retries` also leaves a refusal. */
  readonly repause: (retries: boolean) => void
  /** Tells the peers who is here, where there is anybody. */
  readonly present: (bytes: Uint8Array) => void
}

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

/** A reason that is never given: resuming by it takes a refusal and a wait away, and no pause. */
const NO_REASON = ''
/** A hub that prefers another session of this replica while we lead: first wait, then doubled, up to this. */
const FIRST_SUPERSEDED_MS = 1_000
const LAST_SUPERSEDED_MS = 60_000

/** Does not lead yet. */
export function createLead(options: LeadOptions): Lead {
  const { log, platform, onError } = options
  let epoch = 0
  let replicator: Replicator | undefined
  let reason: string | undefined
  let turns: Promise<void> = Promise.resolve()
  let supersededMs = FIRST_SUPERSEDED_MS
  let cancel = (): void => undefined

  const queue = (turn: () => Promise<void>): Promise<void> => {
    turns = turns.then(turn).catch(onError)
    return turns
  }
  const pauseAs = (next: string | undefined): void => {
    if (next === reason) return
    const before = reason
    reason = next
    if (next !== undefined) replicator?.pause(next)
    if (before !== undefined) replicator?.resume(before)
  }
  const follow = (made: Replicator): (() => void) => {
    let wasLive = false
    return () => {
      if (made !== replicator) return
      const status = toLeaderStatus(made.status)
      const isLive = status.state === 'live' || status.state === 'catching up'
      options.onStatus(epoch, status)
      if (isLive && !wasLive) options.onLive()
      wasLive = isLive
      if (isLive) supersededMs = FIRST_SUPERSEDED_MS
      if (status.state === 'refused' && isSuperseded(status.error)) tryAgain(made)
    }
  }
  /** Where it is the log that says so, leadership is lost; where it is the hub, another session of this replica was newer. */
  const tryAgain = (made: Replicator): void => {
    options.onSuperseded()
    cancel()
    cancel = platform.scheduler.after(supersededMs, () => {
      if (made === replicator) made.resume(NO_REASON)
    })
    supersededMs = Math.min(LAST_SUPERSEDED_MS, supersededMs * 2)
  }
  const end = async (): Promise<void> => {
    cancel()
    const ending = replicator
    replicator = undefined
    reason = undefined
    await ending?.close()
  }
  /** While it is paused from the beginning, there is no replicator: nothing is asked of anybody. */
  const start = async (): Promise<void> => {
    const known = await readKnown(log)
    if (known.state === 'paused') return options.onStatus(epoch, known)
    replicator = makeReplicator(options, epoch)
    replicator.subscribe(follow(replicator))
  }
  return {
    begin: (taken) =>
      void queue(async () => {
        await end()
        epoch = taken
        await start()
      }),
    end: () =>
      queue(async () => {
        epoch = 0
        await end()
      }),
    repause: (retries) =>
      void queue(async () => {
        if (epoch === 0) return
        if (!replicator) return start()
        pauseAs(await readPause(log))
        if (retries && reason === undefined) replicator.resume(NO_REASON)
      }),
    present: (bytes) => replicator?.present(bytes),
  }
}

function isSuperseded(error: ErrorData | undefined): boolean {
  return error?.code === 'SUPERSEDED'
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
