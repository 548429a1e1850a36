/**
 * The replicator: keeps a log connected to one place, for as long as nobody pauses it. The offline queue is the log itself; the
 * replicator only remembers how far the peer is. It connects, runs a session, and connects again: at once when a fork or a
 * refused stamp was resolved, after a pause with jitter when something failed (R7), not by itself when only somebody's act
 * helps (`refused`). It runs wherever a log does: in a leader's worker, in Node, in a test.
 */
import {
  errorToData,
  HeadwaterError,
  type Log,
  type Random,
  type Scheduler,
  type WallClock,
} from '@headwater/log'
import { openSession, type Session } from '../session/drive.ts'
import { endOf, toError } from '../session/ending.ts'
import type { SessionEvents } from '../session/options.ts'
import type { End, Refusal } from '../session/state.ts'
import type { Transport } from '../transport.ts'
import { type Attempts, NO_ATTEMPTS, waitAfter } from './backoff.ts'
import { createBoard } from './board.ts'
import { createNotebook } from './notebook.ts'
import { createLogParty } from './party.ts'
import { NO_PROGRESS } from './progress.ts'
import type { ReplicatorStatus } from './status.ts'

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
  readonly epoch?: () => number | undefined
  readonly clock: WallClock
  readonly random: Random
  readonly scheduler: Scheduler
  readonly onPresence?: (state: Uint8Array) => void
}

/** Keeps a log connected. */
export interface Replicator {
  readonly status: ReplicatorStatus
  /** Calls back after each change of `status`. */
  subscribe(listener: (status: ReplicatorStatus) => void): () => void
  /** Ends the session and stays away until `resume` with the same reason; several reasons add up. */
  pause(reason: string): void
  /** Takes a reason away; without any left, also leaves `refused` and a wait. */
  resume(reason: string): void
  /** Tells the others who is here: at most 4 KiB, ten a second; dropped when there is nobody to hear it. */
  present(state: Uint8Array): void
  /** Ends the session, writes what is to be remembered. Idempotent. */
  close(): Promise<void>
}

/** A token and a connection must come within this each. */
const CONNECT_MS = 20_000
/** Refusals that are remembered, one a replica. */
const MAX_REFUSED = 1_000

/** Starts keeping a log connected. */
export function createReplicator(options: ReplicatorOptions): Replicator {
  const { log, scheduler, random, channel } = options
  const epoch = options.epoch ?? ((): undefined => undefined)
  const board = createBoard({ ...FIRST_STATUS, pending: log.head })
  const notebook = createNotebook(log, `replication:${channel}`, scheduler, epoch, (error) =>
    stop(toError(error)),
  )
  const reasons = new Set<string>()
  let attempts: Attempts = NO_ATTEMPTS
  let isClosed = false
  let isRefused = false
  let session: Session | undefined
  let attempt = new AbortController()
  let wake = (): void => undefined

  const show = (changes: Partial<ReplicatorStatus> = {}): void => {
    const { acknowledged, sent, received } = notebook.progress
    board.show({ acknowledged, sent, received, pending: Math.max(0, log.head - acknowledged), ...changes })
  }
  /** Ends what is under way; what follows is decided by the loop. */
  const stop = (error: HeadwaterError, again?: End['again']): void => {
    session?.close(error, again)
    attempt.abort(error)
    wake()
  }
  const sleep = async (waitMs?: number): Promise<void> => {
    let cancel = (): void => undefined
    await new Promise<void>((resolve) => {
      wake = resolve
      if (waitMs !== undefined) cancel = scheduler.after(waitMs, resolve)
    })
    cancel()
  }
  const events: SessionEvents = {
    live: () => show({ state: 'catching-up', refused: [] }),
    caughtUp: () => {
      attempts = NO_ATTEMPTS
      show({ state: 'live', lastError: undefined })
    },
    acknowledged: (position, count) => {
      const { sent, acknowledged } = notebook.progress
      notebook.note({ sent: sent + count, acknowledged: position ?? acknowledged })
      show()
    },
    received: (count) => {
      notebook.note({ received: notebook.progress.received + count })
      show()
    },
    refused: (refusal) => show({ refused: withRefusal(board.status.refused, refusal) }),
    ...(options.onPresence ? { presence: options.onPresence } : {}),
  }
  const connectOnce = async (): Promise<End> => {
    attempt = new AbortController()
    const cancel = scheduler.after(CONNECT_MS, () => attempt.abort(tooSlow()))
    try {
      await notebook.load()
      show({ state: 'connecting', retryInMs: undefined })
      const party = await createLogParty({ ...options, epoch, notebook }, attempt.signal)
      const connection = await options.transport.connect(attempt.signal)
      const { role, clock } = options
      const first = options.transport.isPassive ? {} : { party: party.party }
      session = openSession({ connection, role, ...first, admit: party.admit, clock, scheduler, events })
      cancel()
      if (attempt.signal.aborted) session.close(toError(attempt.signal.reason))
      return await session.ended
    } catch (thrown) {
      return endOf(toError(attempt.signal.aborted ? attempt.signal.reason : thrown))
    } finally {
      cancel()
      session = undefined
    }
  }
  const afterEnd = async (end: End): Promise<void> => {
    const wasLive = board.status.state === 'live' || board.status.state === 'catching-up'
    // A token that held and expired is no refusal: the next connection asks for a fresh one.
    const again = end.again === 'never' && end.error.code === 'UNAUTHORIZED' && wasLive ? 'later' : end.again
    await notebook.flush().catch((error: unknown) => {
      isRefused ||= toError(error).code === 'SUPERSEDED'
    })
    if (isClosed || reasons.size > 0) return
    if (again === 'never') {
      isRefused = true
      return show({ lastError: errorToData(end.error) })
    }
    const next = waitAfter(attempts, again, random)
    attempts = next.attempts
    const isQuiet = again === 'now' // something was resolved: no failure to tell
    show({
      state: 'offline',
      retryInMs: next.waitMs,
      ...(isQuiet ? {} : { lastError: errorToData(end.error) }),
    })
    await sleep(next.waitMs)
  }
  const run = async (): Promise<void> => {
    while (!isClosed) {
      if (reasons.size > 0) {
        show({ state: 'paused', retryInMs: undefined })
        await sleep()
      } else if (isRefused) {
        show({ state: 'refused', retryInMs: undefined })
        await sleep()
      } else await afterEnd(await connectOnce())
    }
  }
  const unsubscribe = log.subscribe(() => show())
  const running = run()
  return {
    get status() {
      return board.status
    },
    subscribe: board.subscribe,
    pause: (reason) => {
      reasons.add(reason)
      board.show({ reasons: [...reasons] })
      stop(paused(reason))
    },
    resume: (reason) => {
      reasons.delete(reason)
      board.show({ reasons: [...reasons] })
      if (reasons.size > 0) return
      isRefused = false
      attempts = NO_ATTEMPTS
      wake()
    },
    present: (state) => session?.present(state),
    close: async () => {
      if (!isClosed) {
        isClosed = true
        unsubscribe()
        stop(new HeadwaterError('CLOSED', 'The replicator was closed.', { hint: 'Open it again to go on.' }))
      }
      await running
      notebook.close()
    },
  }
}

const FIRST_STATUS: ReplicatorStatus = {
  state: 'offline',
  reasons: [],
  sent: NO_PROGRESS.sent,
  received: NO_PROGRESS.received,
  pending: 0,
  acknowledged: 0,
  refused: [],
  lastError: undefined,
  retryInMs: undefined,
}

function withRefusal(refused: readonly Refusal[], refusal: Refusal): readonly Refusal[] {
  const others = refused.filter(({ replica }) => replica !== refusal.replica)
  return others.length < MAX_REFUSED ? [...others, refusal] : refused
}

function paused(reason: string): HeadwaterError {
  return new HeadwaterError('ABORTED', 'Replication was paused.', {
    hint: 'Resume it to go on.',
    facts: { reason },
  })
}

function tooSlow(): HeadwaterError {
  return new HeadwaterError('HUB_UNREACHABLE', `No connection came within ${CONNECT_MS / 1_000} s.`, {
    hint: 'It is tried again; commits are kept in the log until then.',
  })
}
