/**
 * Setting aside as a pure function: another branch of a replica stands, and what is held of this one waits for its reissue.
 */
import { type FinishedPlan, finishPlan } from './grouping.ts'
import { type Head, moveHead } from './head.ts'
import { type StandingCommit, voidedOf } from './standing.ts'
import { draftVoiding, finishVoiding } from './voiding.ts'

/** Plans to set these commits aside, the last ones of their replica; stores nothing when there are none. */
export function planSetAside(head: Head, commits: readonly StandingCommit[]): FinishedPlan {
  const voiding = draftVoiding(head.voids)
  voiding.fell(commits.map((commit) => voidedOf(commit, 'aside')))
  return finishVoiding(finishPlan(head, moveHead(head, 0)), voiding.finish())
}
