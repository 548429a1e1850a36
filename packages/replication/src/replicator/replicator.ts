/**
 * The replicator: keeps a log connected to one place, for as long as nobody pauses it. The offline queue is the log itself; the
 * replicator only remembers how far the peer is. It connects, runs a session, and connects again: at once when a fork or a
 * refused stamp was resolved, after a pause with jitter when something failed (R7), not by itself when only somebody's act
 * helps (`refused`). It runs wherever a log does: in a leader's worker, in Node, in a test.
 */
import { errorToData, type HeadwaterError, hastenSha256 } from '@headwater/log'
import { peerError } from '../codes.ts'
import { toError } from '../session/ending.ts'
import type { End } from '../session/state.ts'
import { createPace } from './backoff.ts'
import { type Board, createBoard } from './board.ts'
import type { Epoch } from './epoch.ts'
import { createLine, type ReplicatorOptions } from './line.ts'
import { createNotebook, noteOf } from './notebook.ts'
import { createRivalry } from './rivalry.ts'
import { createSleeper } from './sleep.ts'
import type { ReplicatorStatus } from './status.ts'
import { createEvents, createShow, FIRST_STATUS, type Show } from './telling.ts'

export type { ReplicatorOptions }

/** Keeps a log connected. */
export interface Replicator {
  readonly status: ReplicatorStatus
  /** Calls back after each change of `status`. */
  subscribe(listener: (status: ReplicatorStatus) => void): () => void
  /** Ends the session and stays away until `resume` with the same reason; several reasons add up. */
  pause(reason: string): void
  /** Takes a reason away; without any left, also leaves `refused` and a wait, and offers again what the peer did not take. */
  resume(reason: string): void
  /** Ends a wait before the next try, and begins again with short ones: the network may be back. */
  hurry(): void
  /** Tells the others who is here: at most 4 KiB, ten a second; dropped when there is nobody to hear it. */
  present(state: Uint8Array): void
  /** Ends the session, writes what is to be remembered. Idempotent. */
  close(): Promise<void>
}

/** Starts keeping a log connected. */
export function createReplicator(options: ReplicatorOptions): Replicator {
  const { log } = options
  const run = createRun(options)
  const { board, stop, reasons } = run
  const unsubscribe = log.subscribe(() => run.show())
  const running = run.loop()
  return {
    get status() {
      return board.status
    },
    subscribe: (listener) => board.subscribe(listener),
    pause: (reason) => {
      reasons.add(reason)
      board.show({ state: 'paused', reasons: [...reasons] })
      stop(paused(reason))
    },
    resume: (reason) => {
      reasons.delete(reason)
      board.show({ reasons: [...reasons] })
      if (reasons.size === 0) run.tryAgain()
    },
    hurry: run.hurry,
    present: run.present,
    close: async () => {
      unsubscribe()
      run.close()
      await running
    },
  }
}

interface Run {
  readonly board: Board
  readonly reasons: Set<string>
  readonly show: Show
  /** Ends what is under way; what follows is decided by the loop. */
  readonly stop: (error: HeadwaterError) => void
  /** Leaves `refused`, any wait, and a session that does not take all that it is offered. */
  readonly tryAgain: () => void
  readonly hurry: () => void
  readonly present: (state: Uint8Array) => void
  readonly close: () => void
  readonly loop: () => Promise<void>
}

const NO_LEADER: Epoch = () => undefined

/** The loop and all that it keeps: connect, see how it ended, wait, until closed. */
function createRun(options: ReplicatorOptions): Run {
  const { log, scheduler, random, channel, onPresence, epoch = NO_LEADER } = options
  const board = createBoard({ ...FIRST_STATUS, pending: log.head })
  const reasons = new Set<string>()
  const sleeper = createSleeper(scheduler)
  const pace = createPace(random)
  let isClosed = false
  let next: 'try' | 'try again' | 'rest' = 'try'
  const stop = (error: HeadwaterError): void => {
    line.stop(error)
    sleeper.wake()
  }
  const notebook = createNotebook(log, noteOf(channel), scheduler, epoch, (error) => stop(toError(error)))
  const show = createShow(log, board, notebook)
  const events = createEvents({ board, notebook, show, caughtUp: pace.wentWell, onPresence })
  const line = createLine(options, { notebook, epoch, events })
  const meetRival = createRivalry(log, epoch, scheduler)
  const afterEnd = async ({ error, again: byCode }: End): Promise<void> => {
    const again = error.code === 'SUPERSEDED' ? await meetRival() : byCode
    const lost = await notebook.flush().catch((thrown: unknown) => toError(thrown))
    // Who asks for another try while one is under way means one that begins later: with a fresh token, say.
    if (isClosed || reasons.size > 0 || (next === 'try again' && !isLive(board.status))) return
    if (lost?.code === 'SUPERSEDED' || (again === 'never' && !hasExpired(error, board.status))) {
      next = 'rest'
      return show({ lastError: errorToData(lost ?? error) })
    }
    const waitMs = pace.waitMs(again === 'now' ? 'now' : 'later')
    // After `now` something was resolved: there is no failure to tell.
    const lastError = again === 'now' ? board.status.lastError : errorToData(error)
    show({ state: 'offline', retryInMs: waitMs, lastError })
    await sleeper.sleep(waitMs)
  }
  const loop = async (): Promise<void> => {
    void hastenSha256() // what is sent and taken is hashed; nothing waits for it
    // What is shown first is what was noted last. Where that cannot be read, connecting reads it again, and says why.
    await notebook.load().catch(() => undefined)
    while (!isClosed) {
      const state = reasons.size > 0 ? 'paused' : next === 'rest' ? 'refused' : 'connecting'
      show({ state, retryInMs: undefined })
      if (next === 'try again') next = 'try'
      if (state === 'connecting') await afterEnd(await line.connect())
      else await sleeper.sleep()
    }
    notebook.close()
  }
  const hurry = (): void => {
    pace.forget()
    sleeper.wake() // who is paused or refused looks, and sleeps on
  }
  const tryAgain = (): void => {
    next = 'try again'
    if (isLive(board.status) && board.status.refused.length > 0) line.stop(offeredAgain(), 'now')
    hurry()
  }
  const close = (): void => {
    isClosed = true
    stop(peerError('CLOSED', 'The replicator was closed.'))
  }
  return { board, reasons, show, stop, tryAgain, hurry, present: line.present, close, loop }
}

/** A token that held and expired is no refusal: the next connection asks for a fresh one. */
function hasExpired({ code }: HeadwaterError, status: ReplicatorStatus): boolean {
  return code === 'UNAUTHORIZED' && isLive(status)
}

function isLive({ state }: ReplicatorStatus): boolean {
  return state === 'live' || state === 'catching-up'
}

/** What a peer may take is settled at its hello, by the token that goes with it. */
function offeredAgain(): HeadwaterError {
  return peerError('ABORTED', 'What was refused is offered again.')
}

function paused(reason: string): HeadwaterError {
  return peerError('ABORTED', 'Replication was paused.', { reason })
}
