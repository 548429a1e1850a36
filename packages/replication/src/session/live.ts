/**
 * The live phase as a whole: how it begins, what ticks and presence do in it. Sending, receiving and forks have files of their
 * own; they share one state and know of each other only by what they give to `pump`.
 */
import { PRESENCE_FROM_HUB_PER_TICK, PRESENCE_PER_TICK } from '../limits.ts'
import type { Presence } from '../messages.ts'
import type { Differences } from './differences.ts'
import { seekForks } from './probing.ts'
import { sayPosition } from './sending.ts'
import type { Comparing, InputOf, Live, Loaded, Step } from './state.ts'

/** Commits go from here on. */
export function goLive(state: Comparing, { from, own: ours }: Loaded, differences: Differences): Step {
  const { theirs, owed, expected, forked, reclaim } = differences
  const { config, nowMs, heardAtMs, own, peer } = state
  const live: Live = {
    phase: 'live',
    config,
    nowMs,
    heardAtMs,
    sinceMs: nowMs,
    own,
    peer,
    ours,
    isCaughtUp: false,
    sending: {
      theirs,
      blocked: new Map(),
      reclaim,
      began: from,
      rewindTo: undefined,
      pass: { from, owed },
      at: from,
      mark: new Uint8Array(0),
      isReading: false,
      wants: true,
      held: [],
      unacked: [],
      creditBytes: peer.limits.windowBytes,
      saidThrough: from,
      ackedThrough: from,
    },
    receiving: { windowBytes: own.limits.windowBytes, storing: [], refusing: new Set(), expected },
    forks: { search: undefined, isResolving: false, queue: new Map(), waitingProbes: 0 },
    presence: { sent: 0, taken: 0 },
  }
  const suspects = [...forked].map(([replica, lastSequence]) => ({ replica, lastSequence }))
  const [next, outputs] = seekForks(live, suspects)
  return [next, [{ type: 'live' }, { type: 'acknowledged', position: from, events: 0 }, ...outputs]]
}

/** Time went by: presence may be said again, and our position follows. */
export function tickLive(live: Live): Step {
  return sayPosition({ ...live, presence: { sent: 0, taken: 0 } })
}

/** The source may have something new. */
export function lookAgain(live: Live): Live {
  return { ...live, sending: { ...live.sending, wants: true } }
}

/** The peer tells who is there; what comes faster than allowed is dropped. */
export function takePresence(live: Live, { state }: Presence): Step {
  const { presence, config, peer } = live
  const most = peer.role === 'hub' ? PRESENCE_FROM_HUB_PER_TICK : config.presencePerTick
  if (presence.taken >= most) return [live, []]
  return [{ ...live, presence: { ...presence, taken: presence.taken + 1 } }, [{ type: 'presence', state }]]
}

/** Tells the peer who is here, unless it was told often enough in this tick. */
export function sayPresence(live: Live, { state }: InputOf<'present'>): Step {
  const { presence, config } = live
  const most = config.role === 'hub' ? PRESENCE_FROM_HUB_PER_TICK : PRESENCE_PER_TICK
  if (presence.sent >= most) return [live, []]
  const next = { ...live, presence: { ...presence, sent: presence.sent + 1 } }
  return [next, [{ type: 'send', message: { type: 'presence', state } }]]
}
