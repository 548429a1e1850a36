/**
 * The transition table: for every phase what every input does, and for every phase what every message does (R4). It is total
 * by its type: a phase, an input or a message without an entry does not compile. What an entry decides lies in the file of
 * its concept; here is only who is asked.
 */

import { peerError } from '../codes.ts'
import { COMPARE_MS, HELLO_MS, MAX_TICK_MS, PING_MS, SILENCE_MS } from '../limits.ts'
import type { Message } from '../messages.ts'
import { admit, hearEarlyVector, hearVector, sayVector } from './comparing.ts'
import { compareAnew, endOf, endWith, gone, refuse, said, unexpected } from './ending.ts'
import { hearHello } from './greeting.ts'
import { lookAgain, sayPresence, takePresence, tickLive } from './live.ts'
import { takeHashes, takeLookup, takeProbe, takeRefusal } from './probing.ts'
import { takeCommits, takeOutcomes } from './receiving.ts'
import { pump, takeAck, takeBatch } from './sending.ts'
import type { Ended, Input, InputOf, MessageOf, Output, Phase, State, StateOf, Step } from './state.ts'

type Running = Exclude<Phase, 'ended'>
/** What a phase does with every input. */
export type Inputs<P extends Phase> = {
  readonly [T in Input['type']]: (state: StateOf<P>, input: InputOf<T>) => Step
}
type Messages<P extends Phase> = {
  readonly [T in Message['type']]: (state: StateOf<P>, message: MessageOf<T>, bytes: number) => Step
}

const stay = (state: State): Step => [state, []]
const fail = (_state: State, { error }: { readonly error: Parameters<typeof endOf>[0] }): Step =>
  endWith(endOf(error))
const close = (_state: State, { end }: InputOf<'close'>): Step => endWith(end)

/** An answer to a question that this phase never asked: a bug in the shell, and named as one. */
const unasked = (_state: State, { type }: Input): Step =>
  refuse('INTERNAL', `"${type}" answers what was not asked.`)

/** What all running phases do alike. */
const always = { gone: (): Step => gone(), misread: fail, failed: fail, close } as const

const OMITTED_SENTENCE = 'Version 1 takes no omitted ranges.'
const omitted = (): Step => refuse('OMITTED', OMITTED_SENTENCE)
const bye = (_state: State, message: MessageOf<'bye'>): Step => said(message)
/** The shell answers: it has the clock, the session has only ticks. */
const ping = (state: State, _message: MessageOf<'ping'>): Step => [state, [{ type: 'say-time' }]]

/** The messages that have no place before commits go. */
function nothingYet(phase: string): Omit<Messages<Running>, 'hello' | 'vector' | 'reset'> {
  const no = unexpected(phase)
  return {
    commits: no,
    ack: no,
    'refused-commit': no,
    probe: no,
    hashes: no,
    presence: no,
    omitted,
    bye,
    ping,
    pong: stay,
  }
}

const beforeHello = unexpected('a hello is due')
const whileJudged = unexpected('the hello is being judged')
const whileCompared = unexpected('the vectors are compared')
const whileLive = unexpected('commits go')

/** Forgets how far we have the peer's commits, as it asks. */
const reset = (state: State, _message: MessageOf<'reset'>): Step => [
  state,
  [{ type: 'remember', token: undefined }],
]

/** While the peer's hello is still being judged: only to who opened the connection, since it answers our hello. */
function early<M extends Message>(take: (state: StateOf<'admitting'>, message: M) => Step): typeof take {
  return (state, message) => (state.own ? take : whileJudged)(state, message)
}

const onMessage: { readonly [P in Running]: Messages<P> } = {
  waiting: { ...nothingYet('a hello is due'), hello: hearHello, vector: beforeHello, reset: beforeHello },
  greeting: { ...nothingYet('a hello is due'), hello: hearHello, vector: beforeHello, reset: beforeHello },
  admitting: {
    ...nothingYet('the hello is being judged'),
    hello: whileJudged,
    vector: early(hearEarlyVector),
    reset: early(reset),
  },
  comparing: { ...nothingYet('the vectors are compared'), hello: whileCompared, vector: hearVector, reset },
  live: {
    hello: whileLive,
    vector: whileLive,
    reset,
    omitted,
    bye,
    ping,
    pong: stay,
    commits: takeCommits,
    ack: takeAck,
    'refused-commit': takeRefusal,
    probe: takeProbe,
    hashes: takeHashes,
    presence: takePresence,
  },
}

/** Dispatches a message by its type. */
function hear<P extends Running>(state: StateOf<P>, phase: P, message: Message, bytes: number): Step {
  const table: Messages<P> = onMessage[phase]
  return dispatch(table, message.type, state, message, bytes)
}

function dispatch<P extends Running, T extends Message['type']>(
  table: Messages<P>,
  type: T,
  state: StateOf<P>,
  message: Message,
  bytes: number,
): Step {
  return table[type](state, message as MessageOf<T>, bytes) // `type` is the message's own
}

const before = {
  ...always,
  batch: unasked,
  stored: unasked,
  'looked-up': unasked,
  resolved: unasked,
  loaded: unasked,
  changed: stay,
  revised: stay,
  present: stay,
} as const

/** What every phase does with every input. */
export const transitions: { readonly [P in Phase]: Inputs<P> } = {
  waiting: {
    ...before,
    message: (state, { message, bytes }) => hear(heard(state), 'waiting', message, bytes),
    admitted: unasked,
    tick: (state, input) => tick(state, input, HELLO_MS, stay),
  },
  greeting: {
    ...before,
    message: (state, { message, bytes }) => hear(heard(state), 'greeting', message, bytes),
    admitted: unasked,
    tick: (state, input) => tick(state, input, HELLO_MS, stay),
  },
  admitting: {
    ...before,
    message: (state, { message, bytes }) => hear(heard(state), 'admitting', message, bytes),
    admitted: admit,
    tick: (state, input) => tick(state, input, COMPARE_MS, stay),
  },
  comparing: {
    ...before,
    message: (state, { message, bytes }) => hear(heard(state), 'comparing', message, bytes),
    admitted: unasked,
    loaded: (state, input) => (state.ours ? unasked(state, input) : sayVector(state, input)),
    revised: compareAnew,
    tick: (state, input) => tick(state, input, COMPARE_MS, stay),
  },
  live: {
    ...always,
    message: (state, { message, bytes }) => hear(heard(state), 'live', message, bytes),
    admitted: unasked,
    loaded: unasked,
    batch: (state, input) => (state.sending.isReading ? takeBatch(state, input) : unasked(state, input)),
    stored: (state, input) =>
      state.receiving.storing.length > 0 ? takeOutcomes(state, input) : unasked(state, input),
    'looked-up': takeLookup,
    resolved: compareAnew,
    changed: (state) => pump(lookAgain(state)),
    revised: compareAnew,
    present: sayPresence,
    tick: (state, input) => tick(state, input, Number.POSITIVE_INFINITY, tickLive),
  },
  ended: {
    message: stay,
    misread: stay,
    gone: stay,
    admitted: stay,
    loaded: stay,
    batch: stay,
    stored: stay,
    'looked-up': stay,
    resolved: stay,
    changed: stay,
    revised: stay,
    failed: stay,
    close: stay,
    tick: stay,
    present: stay,
  },
}

function heard<S extends Exclude<State, Ended>>(state: S): S {
  return { ...state, heardAtMs: state.nowMs }
}

/** Time goes by: ask a silent peer, end with one that stays silent or takes longer than the phase may. */
function tick<S extends Exclude<State, Ended>>(
  state: S,
  { elapsedMs }: InputOf<'tick'>,
  phaseMs: number,
  then: (state: S) => Step,
): Step {
  const nowMs = state.nowMs + Math.min(Math.max(0, elapsedMs), MAX_TICK_MS)
  const silentMs = nowMs - state.heardAtMs
  if (silentMs >= SILENCE_MS || nowMs - state.sinceMs >= phaseMs)
    return endSilentPeer(Math.max(silentMs, nowMs - state.sinceMs))
  const [next, outputs] = then({ ...state, nowMs })
  const isDue = Math.floor(silentMs / PING_MS) > Math.floor((state.nowMs - state.heardAtMs) / PING_MS)
  const ask: readonly Output[] = isDue ? [{ type: 'send', message: { type: 'ping' } }] : []
  return [next, [...ask, ...outputs]]
}

function endSilentPeer(ms: number): Step {
  return endWith(
    endOf(peerError('PEER_SILENT', `Nothing was heard from the peer for ${Math.round(ms / 1_000)} s.`)),
  )
}
