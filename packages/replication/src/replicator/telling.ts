/**
 * What a session tells, as progress and status: counts are noted for the next start, and shown.
 */
import type { Log } from '@headwater/log'
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
  return {
    ...(onPresence ? { presence: onPresence } : {}),
    live: () => show({ state: 'catching-up', refused: [] }),
    caughtUp: () => {
      caughtUp()
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
  }
}

function withRefusal(refused: readonly Refusal[], refusal: Refusal): readonly Refusal[] {
  const others = refused.filter(({ replica }) => replica !== refusal.replica)
  return others.length < MAX_REFUSED ? [...others, refusal] : refused
}
