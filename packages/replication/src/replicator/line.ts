/**
 * One connection after another to one place: each with a fresh token and party, bounded in time while it is made, and a session
 * until that ends. When to connect and what an end means is decided by the replicator.
 */
import type { HeadwaterError, Log, Random, Scheduler, WallClock } from '@headwater/log'
import { peerError } from '../codes.ts'
import { openSession, type Session } from '../session/drive.ts'
import { endOf, toError } from '../session/ending.ts'
import type { SessionEvents } from '../session/options.ts'
import type { End } from '../session/state.ts'
import type { Transport } from '../transport.ts'
import type { Epoch } from './epoch.ts'
import type { Notebook } from './notebook.ts'
import { createLogParty } from './party.ts'
import { forgetWanted } from './workspace.ts'

/** What a replicator is handed. */
export interface ReplicatorOptions {
  readonly log: Log
  readonly transport: Transport
  /** `client` faces a hub, `peer` another log. */
  readonly role: 'client' | 'peer'
  /** Names what is remembered of this place in the log's notes: `hub`. */
  readonly channel: string
  /** Which workspace this log belongs to, when the app knows; a hub says it, too. */
  readonly workspace?: string
  /** Asked at each connection. */
  readonly token?: () => string | Promise<string>
  /** The epoch of the lease under which everything is stored, where there is a leader. */
  readonly epoch?: Epoch
  readonly clock: WallClock
  readonly random: Random
  readonly scheduler: Scheduler
  readonly onPresence?: (state: Uint8Array) => void
}

/** A token and a connection must come within this together. */
const CONNECT_MS = 20_000

/** What connects. */
export interface Line {
  /** Connects and runs a session; resolves with how it ended, also when no connection came. */
  connect(): Promise<End>
  /** Ends what is under way. */
  stop(error: HeadwaterError, again?: End['again']): void
  readonly present: (state: Uint8Array) => void
}

/** What a line needs beside the replicator's options. */
export interface LineParts {
  readonly notebook: Notebook
  readonly epoch: Epoch
  readonly events: SessionEvents
}

/** Creates a line that connects to nothing yet. */
export function createLine(options: ReplicatorOptions, { notebook, epoch, events }: LineParts): Line {
  const { log, transport, role, clock, scheduler } = options
  let session: Session | undefined
  let attempt = new AbortController()
  let awaited = 'connection'
  const cameDamaged = new Set<string>()
  const open = async ({ signal }: AbortController): Promise<Session> => {
    awaited = options.token ? 'token' : 'connection'
    await notebook.load()
    const { party, admit } = await createLogParty({ ...options, epoch, notebook, cameDamaged }, signal)
    awaited = 'connection'
    const connection = await transport.connect(signal)
    const first = transport.isPassive ? {} : { party }
    return openSession({ connection, role, ...first, admit, clock, scheduler, events })
  }
  const connect = async (): Promise<End> => {
    const now = new AbortController()
    attempt = now
    const cancel = transport.isPassive
      ? (): void => undefined
      : scheduler.after(CONNECT_MS, () => now.abort(tooSlow(awaited)))
    try {
      session = await open(now)
      cancel()
      if (now.signal.aborted) session.close(toError(now.signal.reason))
      const end = await session.ended
      if (end.error.code === 'FORBIDDEN') await forgetWanted(log, epoch)
      return end
    } catch (thrown) {
      return endOf(toError(now.signal.aborted ? now.signal.reason : thrown))
    } finally {
      cancel()
      session = undefined
    }
  }
  return {
    connect,
    stop: (error, again) => {
      session?.close(error, again)
      attempt.abort(error)
    },
    present: (state) => session?.present(state),
  }
}

function tooSlow(awaited: string): HeadwaterError {
  return peerError('HUB_UNREACHABLE', `No ${awaited} came within ${CONNECT_MS / 1_000} s.`)
}
