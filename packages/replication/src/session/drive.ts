/**
 * The shell of a session: listens to the connection, ticks, and hands each input to the machine; what the machine wants is done
 * by `hands.ts`. It decides nothing. Whatever a call throws becomes the input `failed`, which ends the session by name;
 * nothing is left running behind its end.
 */
import { HeadwaterError, type Scheduler } from '@headwater/log'
import { PRESENCE_PER_TICK, TICK_MS } from '../limits.ts'
import { parseMessage } from '../wire/parse.ts'
import { endOf, toError } from './ending.ts'
import { createHands, helloOf } from './hands.ts'
import type { Party, SessionOptions } from './options.ts'
import { startAcceptor, startInitiator, step } from './session.ts'
import type { End, Input, SessionConfig, State, Step } from './state.ts'

/** A session under way. */
export interface Session {
  /** Resolves when it is over; never rejects. */
  readonly ended: Promise<End>
  /** Ends it, and says why. */
  close(error: HeadwaterError, again?: End['again']): void
  /** Tells the peer who is here: at most 4 KiB, at most ten a second, what is above is dropped. */
  present(state: Uint8Array): void
}

/** Runs a session over a connection until it ends. */
export function openSession(options: SessionOptions): Session {
  const shell = createShell(options)
  void shell.start()
  return {
    ended: shell.ended,
    close: (error, again) =>
      shell.happen({ type: 'close', end: { ...endOf(error), ...(again ? { again } : {}) } }),
    present: (state) => shell.happen({ type: 'present', state }),
  }
}

interface Shell {
  readonly ended: Promise<End>
  readonly start: () => Promise<void>
  readonly happen: (input: Input) => void
}

function createShell(options: SessionOptions): Shell {
  const { connection, scheduler } = options
  const abort = new AbortController()
  const stops: (() => void)[] = []
  let resolve: (end: End) => void = () => undefined
  const ended = new Promise<End>((settle) => {
    resolve = settle
  })
  // One input after another, also when a listener of ours brings the next: each sees the state that the last one left.
  const inputs: Input[] = []
  let isBusy = true
  let state: State | undefined

  const happen = (input: Input): void => {
    inputs.push(input)
    if (!isBusy) work()
  }
  const work = (): void => {
    isBusy = true
    for (let input = inputs.shift(); input && state; input = inputs.shift()) take(step(state, input))
    isBusy = false
  }
  const take = ([next, outputs]: Step): void => {
    state = next
    for (const output of outputs) {
      if (output.type === 'end') finish(output.end)
      else hands.handle(output)
    }
  }
  const finish = (end: End): void => {
    abort.abort()
    for (const stop of stops.splice(0)) stop()
    hands.release()
    connection.close(end.error.code)
    options.events?.ended?.(end)
    resolve(end)
  }
  const start = async (): Promise<void> => {
    connection.listen({
      frame: (frame) => happen(hearFrame(frame, options)),
      ended: () => happen({ type: 'gone' }),
    })
    stops.push(startTicking(scheduler, happen))
    take(options.party ? await begin(options, options.party) : startAcceptor(configOf(options)))
    work()
  }
  const hands = createHands(options, abort.signal, happen)
  return { ended, happen, start }
}

function configOf({ role, party, presencePerSecond }: SessionOptions): SessionConfig {
  return { role, isInitiator: party !== undefined, presencePerTick: presencePerSecond ?? PRESENCE_PER_TICK }
}

/** The initiator's hello; when what it should say cannot be read, the session ends before it began. */
async function begin(options: SessionOptions, party: Party): Promise<Step> {
  try {
    return startInitiator(configOf(options), helloOf(party, options, await party.recall(undefined)))
  } catch (thrown) {
    const end = endOf(toError(thrown))
    return [{ phase: 'ended', end }, [{ type: 'end', end }]]
  }
}

function hearFrame(frame: Uint8Array, { party }: SessionOptions): Input {
  const message = parseMessage(frame, party?.limits?.frameBytes)
  return message instanceof HeadwaterError
    ? { type: 'misread', error: message }
    : { type: 'message', message, bytes: frame.length }
}

function startTicking(scheduler: Scheduler, happen: (input: Input) => void): () => void {
  let last = scheduler.elapsedMs()
  const tick = (): void => {
    const now = scheduler.elapsedMs()
    const elapsedMs = now - last
    last = now
    cancel = scheduler.after(TICK_MS, tick)
    happen({ type: 'tick', elapsedMs })
  }
  let cancel = scheduler.after(TICK_MS, tick)
  return () => cancel()
}
