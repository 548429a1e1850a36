/**
 * When a dead engine is started again: once, and again only if the last death lies a minute back or teaches something new,
 * for then the next engine does otherwise. Pure: the shell in `connection.ts` acts on it.
 */

/** How the connection stands. */
export type Supervision =
  | { readonly phase: 'open'; readonly restarts: number; readonly diedMs: number | undefined }
  | { readonly phase: 'restarting'; readonly restarts: number; readonly diedMs: number }
  | { readonly phase: 'failed'; readonly restarts: number }
  | { readonly phase: 'closed'; readonly restarts: number }

/** What can happen to it. */
export type SupervisionInput =
  | { readonly type: 'died'; readonly nowMs: number; readonly isNews: boolean }
  | { readonly type: 'connected' }
  | { readonly type: 'refused' }
  | { readonly type: 'closed' }

/** A second death within this time is the last. */
export const GRACE_MS = 60_000

/** Before anything happened. */
export const SUPERVISION_START: Supervision = { phase: 'open', restarts: 0, diedMs: undefined }

/** The next state. `failed` and `closed` are final. */
export function supervise(state: Supervision, input: SupervisionInput): Supervision {
  const { restarts } = state
  if (state.phase === 'failed' || state.phase === 'closed') return state
  switch (input.type) {
    case 'died': {
      const again = state.diedMs !== undefined && input.nowMs - state.diedMs < GRACE_MS && !input.isNews
      if (again) return { phase: 'failed', restarts }
      return { phase: 'restarting', restarts: restarts + 1, diedMs: input.nowMs }
    }
    case 'connected':
      return { phase: 'open', restarts, diedMs: state.diedMs }
    case 'refused':
      return { phase: 'failed', restarts }
    case 'closed':
      return { phase: 'closed', restarts }
  }
}
