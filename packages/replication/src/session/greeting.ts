/**
 * The first words: judging the peer's hello by what it says of itself (versions, base, roles, clocks), before anyone is
 * asked whether it may come in, and before a byte of the log is sent. A refusal names its code and ends the session.
 */
import type { HeadwaterError } from '@headwater/log'
import { peerError } from '../codes.ts'
import { MAX_PEER_DRIFT_MS, VERSIONS } from '../limits.ts'
import type { Hello, Role } from '../messages.ts'
import { endOf, endWith } from './ending.ts'
import type { Admitting, Greeting, Step, Waiting } from './state.ts'

const FACES: Readonly<Record<Role, Role>> = { client: 'hub', hub: 'client', peer: 'peer' }

/** Takes the peer's hello, or refuses it. */
export function hearHello(state: Waiting | Greeting, peer: Hello): Step {
  const refusal = judgeHello(state.config.role, peer)
  if (refusal) return endWith(endOf(refusal))
  const own = state.phase === 'greeting' ? state.own : undefined
  const { config, nowMs, heardAtMs } = state
  const theirs = { total: undefined, entries: new Map() }
  const next: Admitting = { phase: 'admitting', config, nowMs, heardAtMs, sinceMs: nowMs, own, peer, theirs }
  return [next, [{ type: 'admit', hello: peer }]]
}

function judgeHello(role: Role, peer: Hello): HeadwaterError | undefined {
  const [min, max] = peer.versions
  if (min > VERSIONS[1] || max < VERSIONS[0])
    return peerError(
      'VERSION_UNSUPPORTED',
      `The peer speaks versions ${min} to ${max}, this build ${VERSIONS[1]}.`,
    )
  if (peer.role !== FACES[role])
    return peerError('MESSAGE_UNEXPECTED', `A ${role} does not talk to a ${peer.role}.`)
  if (peer.base.size > 0)
    return peerError('SNAPSHOT_REQUIRED', "The peer's history begins at a base that is not known here.")
  return undefined
}

/** Refuses a peer by the workspace that it names (a side that belongs to none yet names none, and takes the other's), by its clock, or because it is this very log. */
export function judgePeer(own: Hello, peer: Hello): HeadwaterError | undefined {
  if (own.stream === peer.stream) return peerError('SAME_LOG', 'The peer is this very log.')
  if (own.workspace !== '' && peer.workspace !== '' && own.workspace !== peer.workspace)
    return peerError(
      'WORKSPACE_MISMATCH',
      `The peer is in workspace "${peer.workspace}", not in "${own.workspace}".`,
    )
  const apartMs = Math.abs(own.timeMs - peer.timeMs)
  if (own.role === 'peer' && apartMs > MAX_PEER_DRIFT_MS)
    return peerError(
      'CLOCKS_DISAGREE',
      `The two clocks are ${Math.round(apartMs / 3_600_000)} hours apart.`,
      { apartMs },
    )
  return undefined
}
