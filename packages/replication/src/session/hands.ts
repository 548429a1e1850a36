/**
 * The hands of a session: each output as a call of the source, the party or the connection, and its answer as an input. Stores
 * and what resolves a fork run one after another, in the order in which they were asked for; at most one read is under way.
 */
import { assert, type ReplicaId, type Sequence, unreachable } from '@headwater/log'
import { DEFAULT_LIMITS, VERSIONS } from '../limits.ts'
import type { Hello, ResumeToken, SentCommit } from '../messages.ts'
import type { Source } from '../source.ts'
import { encodeMessage } from '../wire/encode.ts'
import { toError } from './ending.ts'
import type { Party, SessionEvents, SessionOptions } from './options.ts'
import type { Input, InputOf, Output } from './state.ts'

/** What a party says first. */
export function helloOf(
  party: Party,
  { role, clock }: SessionOptions,
  resume: ResumeToken | undefined,
): Hello {
  const { source, workspace, token = '', features = [], limits = DEFAULT_LIMITS } = party
  const { stream, replica } = source
  return {
    type: 'hello',
    versions: VERSIONS,
    features,
    limits,
    role,
    stream,
    replica,
    workspace,
    token,
    timeMs: clock.now(),
    resume,
    base: new Map(),
  }
}

/** What a session does. */
export interface Hands {
  readonly handle: (output: Exclude<Output, { type: 'end' }>) => void
  readonly release: () => void
}

/** How answers come back: none after the signal was aborted, errors as the input `failed`. */
interface Answers {
  readonly attempt: (run: () => Promise<Input>) => Promise<void>
  /** The same, behind what was queued before. */
  readonly queue: (run: () => Promise<Input>) => void
}

/** Does what outputs ask for, and reports back by `happen` until the signal is aborted. */
export function createHands(
  options: SessionOptions,
  signal: AbortSignal,
  happen: (input: Input) => void,
): Hands {
  const { connection, clock, events = {} } = options
  const { attempt, queue } = createAnswers(signal, happen)
  let party = options.party
  let peer: Hello | undefined
  let unsubscribe = (): void => undefined

  const known = (): Party => {
    assert(party, 'a session acts only when its party is known')
    return party
  }
  const admit = async (hello: Hello): Promise<InputOf<'admitted'>> => {
    peer = hello
    party = await options.admit(hello)
    const own = helloOf(party, options, await party.recall(hello.stream))
    if (!signal.aborted) unsubscribe = party.source.subscribe((what = 'changed') => happen({ type: what }))
    return { type: 'admitted', own }
  }
  const handle: Hands['handle'] = (output) => {
    const { type } = output
    if (type === 'send') connection.send(encodeMessage(output.message))
    else if (type === 'say-time') connection.send(encodeMessage({ type: 'pong', timeMs: clock.now() }))
    else if (type === 'admit') void attempt(() => admit(output.hello))
    else if (type === 'load') void attempt(() => load(known().source, output.token))
    else if (type === 'read') void attempt(() => read(known().source, output, signal))
    else if (type === 'lookup') void attempt(() => lookUp(known().source, output))
    else if (type === 'store') queue(() => store(known().source, output.commits))
    else if (type === 'resolve-fork') queue(() => resolved(known().resolveFork(output.replica, output.after)))
    else if (type === 'resolve-stamps') queue(() => restamp(known(), output))
    else if (type === 'remember') known().remember(output.token)
    else tell(events, output, peer)
  }
  return { handle, release: () => unsubscribe() }
}

function createAnswers(signal: AbortSignal, happen: (input: Input) => void): Answers {
  let last: Promise<void> = Promise.resolve()
  const attempt = async (run: () => Promise<Input>): Promise<void> => {
    if (signal.aborted) return
    try {
      const input = await run()
      if (!signal.aborted) happen(input)
    } catch (thrown) {
      if (!signal.aborted) happen({ type: 'failed', error: toError(thrown) })
    }
  }
  const queue = (run: () => Promise<Input>): void => {
    last = last.then(() => attempt(run))
  }
  return { attempt, queue }
}

async function store(source: Source, commits: readonly SentCommit[]): Promise<Input> {
  return { type: 'stored', outcomes: await source.store(commits) }
}

function restamp(party: Party, output: Extract<Output, { type: 'resolve-stamps' }>): Promise<Input> {
  return resolved(party.resolveStamps(output.replica, output.after, output.hubTimeMs))
}

async function resolved(resolving: Promise<void>): Promise<Input> {
  await resolving
  return { type: 'resolved' }
}

async function load(source: Source, token: ResumeToken | undefined): Promise<Input> {
  const from = token && token.stream === source.stream ? await source.resume(token) : undefined
  const vector = await source.vector()
  return { type: 'loaded', vector, from, own: source.own }
}

async function read(
  source: Source,
  output: Extract<Output, { type: 'read' }>,
  signal: AbortSignal,
): Promise<Input> {
  const { after, maxBytes, theirs, withheld } = output
  const lacks = (replica: ReplicaId, lastSequence: Sequence): boolean =>
    lastSequence > (theirs.get(replica) ?? 0) && !withheld.has(replica)
  return { type: 'batch', batch: await source.read(after, { maxBytes, lacks, signal }) }
}

async function lookUp(source: Source, output: Extract<Output, { type: 'lookup' }>): Promise<Input> {
  const { purpose, replica, sequences } = output
  const hashes = await source.hashesOf(replica, sequences)
  return {
    type: 'looked-up',
    purpose,
    replica,
    hashes: sequences.map((sequence, i) => [sequence, hashes[i]]),
  }
}

type Told = Extract<
  Output,
  {
    type: 'live' | 'caught-up' | 'acknowledged' | 'received' | 'refused' | 'declined' | 'presence'
  }
>

function tell(events: SessionEvents, output: Told, peer: Hello | undefined): void {
  if (output.type === 'live' && peer) events.live?.(peer)
  else if (output.type === 'caught-up') events.caughtUp?.()
  else if (output.type === 'acknowledged') events.acknowledged?.(output.position, output.events)
  else if (output.type === 'received') events.received?.(output.events)
  else if (output.type === 'refused') events.refused?.(output.refusal)
  else if (output.type === 'declined') events.declined?.(output.refusal)
  else if (output.type === 'presence') events.presence?.(output.state)
  else if (output.type !== 'live') unreachable(output)
}
