/**
 * A merge as a job of the writer, with what has been looked up for it. One whose commits replace others is alone in its
 * transaction, because it may void.
 */
import { replacesOf } from '../commit.ts'
import { HeadwaterError } from '../error.ts'
import { type PlacedMerge, placeMerge } from '../foreign.ts'
import { finishPlan } from '../grouping.ts'
import { moveHead } from '../head.ts'
import { drawId, type Offset, type ReplicaId } from '../identity.ts'
import type { MergeOptions } from '../log.ts'
import type { ForeignCommits, MergeFacts, MergePlan } from '../merge-facts.ts'
import { renewHead } from '../renew.ts'
import type { Random } from '../seams.ts'
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
  random: Random,
  { durability = 'relaxed', signal, epoch }: MergeOptions,
): { job: Job; outcome: Promise<MergeOutcome> } {
  const { promise, resolve, reject } = createDeferred<MergeOutcome>()
  let settled: MergeOutcome | HeadwaterError | undefined
  const settle = (plan: PlacedMerge | HeadwaterError, head: Offset): void => {
    settled = plan instanceof HeadwaterError ? plan : { ...plan, head }
  }
  const mayVoid = commits.heads.some((head) => replacesOf(head).length > 0)
  const fresh = mayVoid ? drawId<ReplicaId>(random) : undefined
  const alone: AloneJob = {
    look: async () => undefined,
    plan: (head, nowMs) => {
      const moving = moveHead(head, nowMs)
      const plan = placeMerge(moving, commits, facts, fresh && { own: head.own, fresh })
      const { voiding, renewed } = plan instanceof HeadwaterError ? NOTHING_FALLS : plan
      const finished = finishVoiding(finishPlan(renewHead(head, renewed), moving), voiding)
      settle(plan, (finished.head.nextOffset - 1) as Offset)
      return finished
    },
  }
  const job: Job = {
    durability,
    signal,
    epoch,
    alone: mayVoid ? alone : undefined,
    bytes: commits.heads.reduce((sum, { bytes }) => sum + bytes.length, 0),
    commitId: undefined,
    place: (moving) => {
      const plan = placeMerge(moving, commits, facts, undefined)
      settle(plan, moving.lastOffset)
      return plan instanceof HeadwaterError ? plan : undefined
    },
    done: () => (settled instanceof HeadwaterError ? reject(settled) : settled && resolve(settled)),
    found: () => undefined,
    failed: reject,
  }
  return { job, outcome: promise }
}

const NOTHING_FALLS: Pick<PlacedMerge, 'voiding' | 'renewed'> = { voiding: undefined, renewed: undefined }
