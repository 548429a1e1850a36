/**
 * A merge as a job of the writer, with what has been looked up for it. One whose commits replace others is alone in its
 * transaction, because it may void.
 */
import { replacesOf } from '../commit.ts'
import { HeadwaterError } from '../error.ts'
import { type PlacedMerge, placeMerge } from '../foreign.ts'
import { finishPlan } from '../grouping.ts'
import { moveHead } from '../head.ts'
import type { Offset } from '../identity.ts'
import type { MergeOptions } from '../log.ts'
import type { ForeignCommits, MergeFacts, MergePlan } from '../merge-facts.ts'
import { finishVoiding } from '../voiding.ts'
import { type AloneJob, createDeferred, type Job } from './job.ts'

/** What a merge job came to, and the head after it. */
export interface MergeOutcome extends MergePlan {
  readonly head: Offset
}

/** A merge as a job. */
export function createMergeJob(
  commits: ForeignCommits,
  facts: MergeFacts,
  { durability = 'relaxed', signal, epoch }: MergeOptions,
): { job: Job; outcome: Promise<MergeOutcome> } {
  const { promise, resolve, reject } = createDeferred<MergeOutcome>()
  let settled: MergeOutcome | HeadwaterError | undefined
  const settle = (plan: PlacedMerge | HeadwaterError, head: Offset): void => {
    settled = plan instanceof HeadwaterError ? plan : { ...plan, head }
  }
  const alone: AloneJob = {
    look: async () => undefined,
    plan: (head, nowMs) => {
      const moving = moveHead(head, nowMs)
      const plan = placeMerge(moving, commits, facts)
      const voiding = plan instanceof HeadwaterError ? undefined : plan.voiding
      const finished = finishVoiding(finishPlan(head, moving), voiding)
      settle(plan, (finished.head.nextOffset - 1) as Offset)
      return finished
    },
  }
  const mayVoid = commits.heads.some((head) => replacesOf(head).length > 0)
  const job: Job = {
    durability,
    signal,
    epoch,
    alone: mayVoid ? alone : undefined,
    bytes: commits.heads.reduce((sum, { bytes }) => sum + bytes.length, 0),
    commitId: undefined,
    place: (moving) => {
      const plan = placeMerge(moving, commits, facts)
      settle(plan, moving.lastOffset)
      return plan instanceof HeadwaterError ? plan : undefined
    },
    done: () => (settled instanceof HeadwaterError ? reject(settled) : settled && resolve(settled)),
    found: () => undefined,
    failed: reject,
  }
  return { job, outcome: promise }
}
