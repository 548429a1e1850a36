/**
 * What a session tells, as progress and status: counts are noted for the next start, and shown.
 */
import { type ErrorData, errorToData, type HeadwaterError, type Log } from '@headwater/log'
import { peerError } from '../codes.ts'
import type { SessionEvents } from '../session/options.ts'
import type { Refusal } from '../session/state.ts'
import type { Board } from './board.ts'
import type { Notebook } from './notebook.ts'
import { NO_PROGRESS } from './progress.ts'
import type { ReplicatorStatus } from './status.ts'

/** Refusals that are shown, one a replica. */
const MAX_REFUSED = 1_000

/** The status of a replicator that has done nothing. */
export const FIRST_STATUS: ReplicatorStatus = {
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

/** Shows the progress as it is now, with other changes. */
export type Show = (changes?: Partial<ReplicatorStatus>) => void

/** What shows progress on a board. */
export function createShow(log: Log, board: Board, notebook: Notebook): Show {
  return (changes = {}) => {
    const { acknowledged, sent, received } = notebook.progress
    board.show({ acknowledged, sent, received, pending: Math.max(0, log.head - acknowledged), ...changes })
  }
}

/** Who is told of a session's events. */
export interface Told {
  readonly board: Board
  readonly notebook: Notebook
  readonly show: Show
  readonly caughtUp: () => void
  readonly onPresence: ((state: Uint8Array) => void) | undefined
}

/** What a session's events do to notebook and board. */
export function createEvents({ board, notebook, show, caughtUp, onPresence }: Told): SessionEvents {
  // As long as it is not taken, something is missing here: that is told beside `live`, too.
  let declined: ErrorData | undefined
  return {
    ...(onPresence ? { presence: onPresence } : {}),
    live: () => {
      declined = undefined
      show({ state: 'catching-up', refused: [] })
    },
    caughtUp: () => {
      caughtUp()
      show({ state: 'live', lastError: declined })
    },
    declined: (refusal) => {
      declined = errorToData(notTaken(refusal))
      show({ lastError: declined })
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
  }
}

function notTaken({ replica, firstSequence, lastSequence, code, facts }: Refusal): HeadwaterError {
  return peerError(
    code,
    `Commit ${firstSequence}–${lastSequence} of replica ${replica} is not taken here, nor what it wrote behind that.`,
    { ...facts, replica, firstSequence },
  )
}

function withRefusal(refused: readonly Refusal[], refusal: Refusal): readonly Refusal[] {
  const others = refused.filter(({ replica }) => replica !== refusal.replica)
  return others.length < MAX_REFUSED ? [...others, refusal] : refused
}
