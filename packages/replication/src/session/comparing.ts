/**
 * Comparing: the two sides took each other's hello, and each says its vector in parts. When both are whole, what is missing
 * on either side is known, and commits may go.
 */
import type { ErrorCode } from '@headwater/log'
import { MAX_VECTOR_ENTRIES, MAX_VECTOR_PART_ENTRIES } from '../limits.ts'
import type { Message, Position, Vector, VectorPart } from '../messages.ts'
import { differencesOf } from './differences.ts'
import { endOf, endWith, refuse } from './ending.ts'
import { judgePeer } from './greeting.ts'
import { goLive } from './live.ts'
import type { Admitting, Comparing, Gathering, InputOf, Output, Step } from './state.ts'

/** Both sides took each other: our hello if it was not said yet, then our vector. */
export function admit(state: Admitting, { own }: InputOf<'admitted'>): Step {
  const refusal = judgePeer(own, state.peer)
  if (refusal) return endWith(endOf(refusal))
  const { config, nowMs, heardAtMs, peer, theirs } = state
  const next: Comparing = {
    phase: 'comparing',
    config,
    nowMs,
    heardAtMs,
    sinceMs: nowMs,
    own,
    peer,
    theirs,
    ours: undefined,
  }
  const hello: readonly Output[] = state.own ? [] : [{ type: 'send', message: own }]
  return [next, [...hello, { type: 'load', token: peer.resume }]]
}

/** Our vector is known: say it. */
export function sayVector(state: Comparing, { vector, from, own }: InputOf<'loaded'>): Step {
  if (vector.size > MAX_VECTOR_ENTRIES)
    return refuse('VECTOR_TOO_LARGE', `This side knows ${vector.size} replicas, over ${MAX_VECTOR_ENTRIES}.`)
  const reset: readonly Message[] = from === undefined && state.peer.resume ? [{ type: 'reset' }] : []
  const outputs = [...reset, ...vectorParts(vector)].map((message): Output => ({ type: 'send', message }))
  return whenWhole({ ...state, ours: { vector, from: from ?? (0 as Position), own } }, outputs)
}

/** A part of the peer's vector comes while its hello is still being judged. */
export function hearEarlyVector(state: Admitting, part: VectorPart): Step {
  const theirs = gather(state.theirs, part)
  return 'why' in theirs ? refuse(theirs.code, theirs.why) : [{ ...state, theirs }, []]
}

/** A part of the peer's vector comes. */
export function hearVector(state: Comparing, part: VectorPart): Step {
  const theirs = gather(state.theirs, part)
  return 'why' in theirs ? refuse(theirs.code, theirs.why) : whenWhole({ ...state, theirs }, [])
}

/** Goes live when both vectors are whole. */
function whenWhole(state: Comparing, outputs: readonly Output[]): Step {
  const { ours, theirs } = state
  if (!ours || theirs.total === undefined || theirs.entries.size < theirs.total) return [state, outputs]
  const [next, more] = goLive(state, ours, differencesOf(ours.vector, theirs.entries, state.own.replica))
  return [next, [...outputs, ...more]]
}

function gather({ total, entries }: Gathering, part: VectorPart): Gathering | Misfit {
  if (part.total > MAX_VECTOR_ENTRIES)
    return {
      code: 'VECTOR_TOO_LARGE',
      why: `The peer knows ${part.total} replicas, over ${MAX_VECTOR_ENTRIES}.`,
    }
  const all = new Map([...entries, ...part.entries])
  const fits =
    (total === undefined || (total === part.total && entries.size < total)) &&
    all.size === entries.size + part.entries.length &&
    all.size <= part.total &&
    // Only the last part may be small: what takes a thousand messages to say is not a vector.
    (all.size === part.total || part.entries.length === MAX_VECTOR_PART_ENTRIES)
  if (fits) return { total: part.total, entries: all }
  return { code: 'MESSAGE_UNEXPECTED', why: 'The parts of a vector do not fit together.' }
}

interface Misfit {
  readonly code: ErrorCode
  readonly why: string
}

/** A vector in parts: at least one, so that an empty one is said too. */
export function vectorParts(vector: Vector): readonly VectorPart[] {
  const entries = [...vector]
  const parts: VectorPart[] = []
  do {
    const part = entries.slice(
      parts.length * MAX_VECTOR_PART_ENTRIES,
      (parts.length + 1) * MAX_VECTOR_PART_ENTRIES,
    )
    parts.push({ type: 'vector', total: entries.length, entries: part })
  } while (parts.length * MAX_VECTOR_PART_ENTRIES < entries.length)
  return parts
}
