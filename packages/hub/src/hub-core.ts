/**
 * The hub without a network: workspaces over a store, sessions over whatever connections are handed in. `attachHub` hands in
 * WebSockets; tests and simulations hand in pairs in memory.
 */
import { HeadwaterError } from '@headwater/log'
import { type Authenticate, openAccess } from './auth/access.ts'
import { openRevocations } from './auth/revocations.ts'
import { type HubLimits, toHubLimits } from './hub-limits.ts'
import { type HubLog, silentLog } from './hub-log.ts'
import { type HubParts, type HubSession, openHubSession } from './hub-session.ts'
import { createMembers, type HubConnection } from './members.ts'
import { createMetrics, type HubMetrics } from './metrics.ts'
import { type HubPlatform, nodePlatform } from './platform.ts'
import type { HubStore } from './store/store.ts'
import { createWorkspaces } from './workspaces.ts'

/** How a hub is made. */
export interface HubCoreOptions {
  /** Stays the caller's: the hub does not close it. */
  readonly store: HubStore
  /** Default: everybody may do everything; see `HubOptions`. */
  readonly authenticate?: Authenticate
  readonly limits?: Partial<HubLimits>
  readonly log?: HubLog
  readonly platform?: HubPlatform
}

/** A hub. */
export interface HubCore {
  readonly limits: HubLimits
  readonly metrics: HubMetrics
  /** Runs a session over a connection that comes from `address`; the promise resolves when it is over. */
  accept(connection: HubConnection, address: string): Promise<void>
  /** Makes the tokens that `subject` has worthless and ends its sessions within 5 s. */
  readonly revoke: (subject: string) => Promise<void>
  /** Whether the store answers within a second. */
  isReady(): Promise<boolean>
  /** Ends all sessions with `SHUTTING_DOWN` and resolves when they are over, after 3 s at most. */
  close(): Promise<void>
}

const SWEEP_MS = 1_000
const CLOSE_MS = 3_000

/** Makes a hub. Errors: `CONFIG_INVALID`, those of the store. */
export async function createHubCore(options: HubCoreOptions): Promise<HubCore> {
  const sessions = new Set<HubSession>()
  const hub = await createParts(options, sessions)
  const { platform, revocations, limits, metrics, store } = hub
  const stopSweeping = startSweeping(sessions, platform)
  return {
    limits,
    metrics,
    async accept(connection, address) {
      metrics.connectionsOpened.inc()
      const opened = openHubSession(connection, address, hub)
      sessions.add(opened)
      await opened.session.ended
      sessions.delete(opened)
    },
    revoke: (subject) => revocations.revoke(subject),
    isReady: async () => {
      const late = new Promise<false>(
        (resolve) => void platform.scheduler.after(SWEEP_MS, () => resolve(false)),
      )
      return await Promise.race([late, store.head('').then(() => true)])
    },
    async close() {
      revocations.stop()
      await endAll(sessions, platform)
      stopSweeping()
    },
  }
}

async function createParts(options: HubCoreOptions, sessions: ReadonlySet<HubSession>): Promise<HubParts> {
  const { store, authenticate = openAccess, log = silentLog, platform = nodePlatform } = options
  const limits = toHubLimits(options.limits)
  const workspaces = createWorkspaces(store)
  const metrics = createMetrics({
    connections: () => sessions.size,
    workspaces: () => workspaces.size,
    queuedBytes: () => store.queuedBytes(),
  })
  const revocations = await openRevocations(store, platform, (error) =>
    log.error({ err: error }, 'The revocations cannot be read.'),
  )
  const members = createMembers()
  return { store, workspaces, members, authenticate, revocations, limits, metrics, log, platform }
}

/** Once a second: tokens that hold no more, sockets that take nothing. */
function startSweeping(sessions: ReadonlySet<HubSession>, { scheduler }: HubPlatform): () => void {
  let cancel = scheduler.after(SWEEP_MS, sweep)
  function sweep(): void {
    for (const { check, connection } of sessions) {
      check()
      connection.closeIfUndrained?.()
    }
    cancel = scheduler.after(SWEEP_MS, sweep)
  }
  return () => cancel()
}

/** Says goodbye to all, waits for them a while, and cuts off who does not answer. */
async function endAll(sessions: Set<HubSession>, { scheduler }: HubPlatform): Promise<void> {
  const startMs = scheduler.elapsedMs()
  for (const { session } of sessions) session.close(shuttingDown(), 'later')
  while (sessions.size > 0 && scheduler.elapsedMs() - startMs < CLOSE_MS)
    await new Promise<void>((resolve) => void scheduler.after(20, resolve))
  for (const { connection } of sessions) connection.terminate?.()
}

function shuttingDown(): HeadwaterError {
  return new HeadwaterError('SHUTTING_DOWN', 'The hub is being stopped.', {
    hint: 'It is tried again; commits are kept in the log until then.',
  })
}
