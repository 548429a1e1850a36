/**
 * Why foreign commits are refused, in words: a gap, a fork, a stamp too far ahead, damage.
 */
import type { CommitHead } from './commit.ts'
import { HeadwaterError } from './error.ts'

/** The refusal of a commit whose sequences are held with other content. */
export function fork(head: CommitHead): HeadwaterError {
  const { replica, firstSequence } = head
  return new HeadwaterError(
    'FORK',
    `Replica ${replica} has written sequence ${firstSequence} twice, differently.`,
    {
      hint: 'Its profile was copied or restored from a backup; nothing of this merge was stored.',
      facts: { replica, firstSequence, count: head.count },
    },
  )
}

/** The refusal of a commit that leaves out events of its replica. */
export function gap({ replica, firstSequence }: CommitHead, expected: number): HeadwaterError {
  return new HeadwaterError(
    'SEQUENCE_GAP',
    `Replica ${replica} is held up to ${expected - 1}; ${firstSequence} came.`,
    {
      hint: `Send its commits from sequence ${expected} on; nothing of this merge was stored.`,
      facts: { replica, expected, firstSequence },
    },
  )
}

/** The refusal of a commit from too far in the future. */
export function ahead(
  { replica, timestamp, firstSequence }: CommitHead,
  nowMs: number,
  maxDriftMs: number,
): HeadwaterError {
  return new HeadwaterError(
    'STAMP_AHEAD',
    `A commit of replica ${replica} is stamped over ${maxDriftMs / 60_000} minutes ahead of this clock.`,
    {
      hint: 'One of the two clocks is wrong; correct it and merge again.',
      facts: { replica, firstSequence, timestamp, nowMs, maxDriftMs },
    },
  )
}

/** The refusal of a commit that breaks a rule of its grammar or its order; the others of a merge may be taken without its replica. */
export function damaged(
  why: string,
  { replica, firstSequence }: Pick<CommitHead, 'replica' | 'firstSequence'>,
  cause?: unknown,
): HeadwaterError {
  return new HeadwaterError('COMMIT_DAMAGED', `A foreign commit is refused: ${why}.`, {
    hint: 'Its bytes were changed on their way, or its author is faulty; nothing of this merge was stored.',
    facts: { replica, firstSequence },
    cause,
  })
}
