/**
 * The receiving half of a live session: frames are handed to the source in order and acknowledged when it has stored them
 * (R8), which gives the peer its window back. A commit that is not taken is refused by name, once for its replica; the
 * stream goes on. From then on the resume position stands still, so that the next session sees that commit again.
 *
 * A gap means that the peer began behind something that this side lacks: it was passed over while another branch of its replica
 * was held here, or was on the disk when power was lost. So the resume position is forgotten, and the next session begins at 0 (R1, R7).
 */
import type { ReplicaId } from '@headwater/log'
import { MAX_UNACKED_FRAMES, MAX_VECTOR_ENTRIES } from '../limits.ts'
import type { Commits, SentCommit } from '../messages.ts'
import type { Outcome } from '../source.ts'
import { compareAnew, refuse } from './ending.ts'
import { withoutHeld } from './holdings.ts'
import { seekForks } from './probing.ts'
import { withPassed } from './sending.ts'
import type { InputOf, Live, Output, Receiving, Sending, Step, StoringFrame } from './state.ts'

/** Commits come: hand them on. */
export function takeCommits(live: Live, { through, mark, commits }: Commits, bytes: number): Step {
  const { receiving } = live
  if (bytes > receiving.windowBytes || receiving.storing.length >= MAX_UNACKED_FRAMES)
    return refuse(
      'WINDOW_EXCEEDED',
      `The peer sent ${bytes} bytes, of ${receiving.windowBytes} that were granted.`,
    )
  if (isSettled(live.sending, commits)) return compareAnew()
  const passed = withPassed(live, commits)
  if (passed.theirs.size > 2 * MAX_VECTOR_ENTRIES)
    return refuse('VECTOR_TOO_LARGE', `Over ${MAX_VECTOR_ENTRIES} replicas wrote here.`)
  const token = mark.length > 0 ? { stream: live.peer.stream, position: through, mark } : undefined
  const storing = [...receiving.storing, { token, through, bytes, commits }]
  const next: Live = {
    ...live,
    sending: passed,
    receiving: { ...receiving, storing, windowBytes: receiving.windowBytes - bytes },
  }
  return [next, [{ type: 'store', commits }]]
}

/** Who sends what ends behind a commit has it, though it was not taken of us: somebody else brought it. */
function isSettled({ blocked }: Sending, commits: readonly SentCommit[]): boolean {
  return commits.some(
    ({ replica, lastSequence }) => lastSequence >= (blocked.get(replica) ?? Number.POSITIVE_INFINITY),
  )
}

/** The source has dealt with the oldest frame. */
export function takeOutcomes(live: Live, { outcomes }: InputOf<'stored'>): Step {
  const [frame, ...storing] = live.receiving.storing
  if (!frame || frame.commits.length !== outcomes.length)
    return refuse('INTERNAL', 'The source answered for other commits than it was given.')
  const judged = judge(live.receiving.refusing, frame.commits, outcomes)
  const gap = judged.refused.find(({ outcome }) => outcome.code === 'SEQUENCE_GAP')
  if (gap) return endAtGap(gap.commit)
  const receiving: Receiving = {
    storing,
    windowBytes: live.receiving.windowBytes + frame.bytes,
    refusing: judged.refusing,
    expected: withoutHeld(live.receiving.expected, frame.commits, judged.refusing),
  }
  const forks = judged.refused.filter(({ outcome }) => outcome.code === 'FORK').map(({ commit }) => commit)
  const sending = giveBack(live, frame.commits, outcomes)
  const [next, outputs] = seekForks({ ...live, receiving, sending }, forks)
  return [next, [...answers(frame, judged), ...outputs]]
}

function endAtGap({ replica }: SentCommit): Step {
  const [ended, outputs] = refuse(
    'SEQUENCE_GAP',
    `Commits of replica ${replica} are missing before those that came.`,
  )
  return [ended, [{ type: 'remember', token: undefined }, ...outputs]]
}

interface RefusedHere {
  readonly commit: SentCommit
  readonly outcome: Extract<Outcome, { type: 'refused' }>
}

interface Judged {
  readonly refused: readonly RefusedHere[]
  readonly refusing: ReadonlySet<ReplicaId>
  readonly newEvents: number
}

function judge(
  before: ReadonlySet<ReplicaId>,
  commits: readonly SentCommit[],
  outcomes: readonly Outcome[],
): Judged {
  const refusing = new Set(before)
  const refused: RefusedHere[] = []
  let newEvents = 0
  commits.forEach((commit, i) => {
    const outcome = outcomes[i]!
    if (outcome.type === 'stored') newEvents += commit.lastSequence - commit.firstSequence + 1
    if (outcome.type !== 'refused' || refusing.has(commit.replica)) return
    refusing.add(commit.replica)
    refused.push({ commit, outcome })
  })
  return { refused, refusing: refused.length > 0 ? refusing : before, newEvents }
}

function answers(frame: StoringFrame, { refused, refusing, newEvents }: Judged): readonly Output[] {
  const outputs: Output[] = refused.flatMap(({ commit, outcome }): Output[] => {
    const { replica, firstSequence, lastSequence } = commit
    const { code, facts } = outcome
    const refusal = { replica, firstSequence, lastSequence, code, facts }
    const said: Output = { type: 'send', message: { type: 'refused-commit', ...refusal } }
    return code === 'FORK' ? [said] : [said, { type: 'declined', refusal }] // a fork is resolved
  })
  outputs.push({ type: 'send', message: { type: 'ack', through: frame.through, grantedBytes: frame.bytes } })
  if (frame.token && refusing.size === 0) outputs.push({ type: 'remember', token: frame.token })
  if (newEvents > 0) outputs.push({ type: 'received', events: newEvents })
  return outputs
}

/** Our own tail is back: what was held back for it, and passed over meanwhile, is read again. */
function giveBack({ sending }: Live, commits: readonly SentCommit[], outcomes: readonly Outcome[]): Sending {
  const { reclaim, pass } = sending
  const isBack = commits.some(
    ({ replica, lastSequence }, i) =>
      replica === reclaim?.replica && lastSequence >= reclaim.through && outcomes[i]?.type !== 'refused',
  )
  if (!isBack) return sending
  return { ...sending, reclaim: undefined, rewindTo: pass?.from ?? sending.began, wants: true }
}
