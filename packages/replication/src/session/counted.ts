/**
 * How many events of a frame count as sent. A refused commit does not, nor what its replica wrote behind it, which is refused in
 * silence: those frames may be on their way already.
 */
import type { ReplicaId, Sequence } from '@headwater/log'
import type { RefusedCommit, SentCommit } from '../messages.ts'

/** A frame, as it counts. */
export interface Counted {
  /** In its commits, without what the peer refused. */
  readonly events: number
  /** The sequences of each replica in it; a sender leaves none out between them. */
  readonly runs: ReadonlyMap<ReplicaId, readonly [first: Sequence, last: Sequence]>
}

/** All its events. */
export function countEvents(commits: readonly SentCommit[]): Counted {
  const runs = new Map<ReplicaId, readonly [Sequence, Sequence]>()
  let events = 0
  for (const { replica, firstSequence, lastSequence } of commits) {
    runs.set(replica, [runs.get(replica)?.[0] ?? firstSequence, lastSequence])
    events += lastSequence - firstSequence + 1
  }
  return { events, runs }
}

/** The frames without what is refused. Nothing is taken off twice, whatever the peer says. */
export function withoutRefused<F extends Counted>(
  frames: readonly F[],
  refusal: RefusedCommit,
): readonly F[] {
  return frames.map((frame) => {
    const run = frame.runs.get(refusal.replica)
    if (!run || run[1] < refusal.firstSequence) return frame
    const kept = (Math.max(run[0], refusal.firstSequence) - 1) as Sequence
    const runs = new Map(frame.runs).set(refusal.replica, [run[0], kept])
    return { ...frame, runs, events: frame.events - (run[1] - kept) }
  })
}
