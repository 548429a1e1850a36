/**
 * Forks in a live session: answering the peer's probes, and looking for the fork point of one replica at a time when this side
 * is one that acts. Facing a hub only the client does; between peers both look, and who gives way resolves it: its author
 * reissues, a bystander sets aside. Then the log is another, so the session ends and the next one compares anew.
 */
import type { Sequence } from '@headwater/log'
import { MAX_WAITING_PROBES } from '../limits.ts'
import type { Hashes, Probe, RefusedCommit, SentCommit } from '../messages.ts'
import { withoutRefused } from './counted.ts'
import { refuse } from './ending.ts'
import { continueFork, type ForkStep, searchFork } from './forks.ts'
import { pump } from './sending.ts'
import type { Forks, InputOf, Live, Output, Step } from './state.ts'

/** Takes note of forks that either side found, of which nothing more is sent, and goes on. */
export function seekForks(
  before: Live,
  commits: readonly Pick<SentCommit, 'replica' | 'lastSequence'>[],
): Step {
  const { sending } = before
  const blocked = new Map(sending.blocked)
  for (const { replica } of commits) blocked.set(replica, Number.POSITIVE_INFINITY)
  const live: Live = { ...before, sending: { ...sending, blocked } }
  if (live.config.role === 'hub') return pump(live)
  const queue = new Map(live.forks.queue)
  for (const { replica, lastSequence } of commits)
    queue.set(replica, Math.max(queue.get(replica) ?? 0, lastSequence) as Sequence)
  return andPump(next({ ...live, forks: { ...live.forks, queue } }))
}

/** The peer does not take a commit of ours. */
export function takeRefusal(live: Live, refusal: RefusedCommit): Step {
  const { sending, config, ours } = live
  const { type: _, ...rest } = refusal
  const { replica, firstSequence, lastSequence, code, facts } = rest
  if (!sending.theirs.has(replica)) return refuse('MESSAGE_UNEXPECTED', 'The peer refuses what was not sent.')
  const blocked = new Map(sending.blocked).set(replica, lastSequence)
  const told: Output = { type: 'refused', refusal: rest }
  const held = withoutRefused(sending.held, refusal)
  const unacked = withoutRefused(sending.unacked, refusal)
  const after: Live = { ...live, sending: { ...sending, blocked, held, unacked } }
  const hubTimeMs = facts.nowMs
  if (
    code === 'STAMP_AHEAD' &&
    config.role === 'client' &&
    ours.has(replica) &&
    typeof hubTimeMs === 'number'
  ) {
    const resolve: Output = {
      type: 'resolve-stamps',
      replica,
      after: (firstSequence - 1) as Sequence,
      hubTimeMs,
    }
    return [{ ...after, forks: { ...live.forks, isResolving: true } }, [told, resolve]]
  }
  const [state, outputs] = seekForks(after, code === 'FORK' ? [refusal] : [])
  return [state, [told, ...outputs]]
}

/** The peer asks for hashes. */
export function takeProbe(live: Live, { replica, sequences }: Probe): Step {
  const { waitingProbes } = live.forks
  if (waitingProbes >= MAX_WAITING_PROBES)
    return refuse('RATE_LIMITED', 'Too many probes wait for their answer.')
  const forks: Forks = { ...live.forks, waitingProbes: waitingProbes + 1 }
  return [{ ...live, forks }, [{ type: 'lookup', purpose: 'answer', replica, sequences }]]
}

/** Our hashes are known: the peer's answer, or the next step of our search. */
export function takeLookup(live: Live, { purpose, replica, hashes }: InputOf<'looked-up'>): Step {
  if (purpose === 'answer') {
    const forks: Forks = { ...live.forks, waitingProbes: live.forks.waitingProbes - 1 }
    return [{ ...live, forks }, [{ type: 'send', message: { type: 'hashes', replica, hashes } }]]
  }
  const { search } = live.forks
  return search ? andPump(follow(live, continueFork(search, hashes))) : [live, []]
}

/** The peer's hashes come. */
export function takeHashes(live: Live, { replica, hashes }: Hashes): Step {
  const { search } = live.forks
  if (search?.replica !== replica || !search.stage.startsWith('their'))
    return refuse('MESSAGE_UNEXPECTED', 'The peer answers what was not asked.')
  return andPump(follow(live, continueFork(search, hashes)))
}

/** Starts the next search, if one waits. */
function next(live: Live): Searching {
  const { search, isResolving, queue } = live.forks
  const first = [...queue][0]
  if (search || isResolving || !first) return [live, []]
  const [replica, through] = first
  const rest = new Map(queue)
  rest.delete(replica)
  const high = Math.max(through, live.sending.theirs.get(replica) ?? 0) + 1
  const forks: Forks = { ...live.forks, queue: rest }
  return follow({ ...live, forks }, searchFork(replica, high, live.config.role === 'peer'))
}

type Searching = readonly [Live, readonly Output[]]

/** Commits of other replicas go on meanwhile. */
function andPump([live, outputs]: Searching): Step {
  const [state, more] = pump(live)
  return [state, [...outputs, ...more]]
}

function follow(live: Live, step: ForkStep): Searching {
  const { forks } = live
  if (step.type !== 'found') {
    const state = { ...live, forks: { ...forks, search: step.search } }
    const { replica } = step.search
    const { sequences } = step
    if (step.type === 'probe')
      return [state, [{ type: 'send', message: { type: 'probe', replica, sequences } }]]
    return [state, [{ type: 'lookup', purpose: 'search', replica, sequences }]]
  }
  const { replica } = forks.search ?? { replica: undefined }
  if (replica === undefined || step.ours !== 'yields')
    return next({ ...live, forks: { ...forks, search: undefined } })
  const resolving = { ...live, forks: { ...forks, search: undefined, isResolving: true } }
  return [resolving, [{ type: 'resolve-fork', replica, after: step.after }]]
}
