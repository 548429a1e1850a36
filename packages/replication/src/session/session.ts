/**
 * The session: one pure state machine for both ends of a connection. `step` takes what happened and gives the next state and what
 * is to be done; it reads no clock, draws nothing and stores nothing (R4: every state answers every input).
 *
 * ```
 *   acceptor   waiting ──hello──► admitting ──► comparing ──► live ──► ended
 *   initiator  greeting ─hello──► admitting ──► comparing ──► live ──► ended
 * ```
 */
import type { Hello } from '../messages.ts'
import type { Input, InputOf, Phase, SessionConfig, State, StateOf, Step } from './state.ts'
import { type Inputs, transitions } from './transitions.ts'

/** The first state of who opened the connection, and its hello. */
export function startInitiator(config: SessionConfig, own: Hello): Step {
  return [{ phase: 'greeting', config, ...BEGIN, own }, [{ type: 'send', message: own }]]
}

/** The first state of who was connected to. */
export function startAcceptor(config: SessionConfig): Step {
  return [{ phase: 'waiting', config, ...BEGIN }, []]
}

const BEGIN = { nowMs: 0, heardAtMs: 0, sinceMs: 0 } as const

/** What follows. */
export function step(state: State, input: Input): Step {
  return dispatch(state.phase, state, input.type, input)
}

function dispatch<P extends Phase, T extends Input['type']>(
  phase: P,
  state: State,
  type: T,
  input: Input,
): Step {
  const row: Inputs<P> = transitions[phase]
  return row[type](state as StateOf<P>, input as InputOf<T>) // `phase` and `type` are their own
}
