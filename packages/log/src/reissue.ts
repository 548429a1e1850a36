/**
 * Reissuing as a pure function: commits that cannot stand, written again as they are but for their header. The events
 * section is taken over byte by byte and the commit id with it, so that a receipt or a retried append finds the commit
 * under its new place.
 */
import { readU16 } from './bytes.ts'
import {
  EXTENSION_FIXED_BYTES,
  type Extension,
  HEADER_BYTES,
  HEADER_LENGTH_AT,
  lastSequenceOf,
  replacesOf,
} from './commit.ts'
import { MAX_HEADER_BYTES } from './draft.ts'
import { type FinishedPlan, finishPlan } from './grouping.ts'
import { type Head, type MovingHead, moveHead, type Placement, placeAppend } from './head.ts'
import type { ReplicaId, Timestamp } from './identity.ts'
import { encodeReplaced, REPLACES, type Replaced } from './replaces.ts'
import { type StandingCommit, voidedOf } from './standing.ts'
import { draftVoiding, finishVoiding } from './voiding.ts'

/** What a reissue is planned from. */
export interface ReissueFacts {
  readonly commits: readonly StandingCommit[]
  /** Under which the commits are written again. */
  readonly replica: ReplicaId
  /** Where the clock starts again, and what the wall clock lacks; unset where the stamps are not what was refused. */
  readonly restart?: { readonly clock: Timestamp; readonly clockOffsetMs: number }
}

/** A planned reissue. */
export interface ReissuePlan extends FinishedPlan {
  readonly placements: readonly Placement[]
}

/** Most bytes of `replaces` in a header: of a commit that was reissued that often, the oldest are forgotten. */
const MOST_EXTENSION_BYTES = MAX_HEADER_BYTES - HEADER_BYTES

/** Plans a reissue behind `head`. */
export function planReissue(head: Head, nowMs: number, facts: ReissueFacts): ReissuePlan {
  const { replica, restart, commits } = facts
  if (commits.length === 0) {
    const clockOffsetMs = restart?.clockOffsetMs ?? head.clockOffsetMs
    return { records: [], head: { ...head, clockOffsetMs }, placements: [] }
  }
  const start = { ...head, ...restart, replica, own: new Set([...head.own, replica]) }
  const moving = moveHead(start, nowMs)
  const voiding = draftVoiding(head.voids)
  const placements = commits.map((commit) => {
    voiding.fell([voidedOf(commit, 'aside')])
    const placement = placeAgain(moving, commit)
    for (const each of [...replacesOf(commit.head), replacedOf(commit)]) {
      voiding.replace({ ...each, commitId: commit.head.commitId, by: placement })
    }
    return placement
  })
  return { ...finishVoiding(finishPlan(start, moving), voiding.finish()), placements }
}

function replacedOf({ head, hash }: StandingCommit): Replaced {
  return { replica: head.replica, sequence: lastSequenceOf(head), hash }
}

function placeAgain(moving: MovingHead, commit: StandingCommit): Placement {
  const { head, bytes } = commit
  const sectionAt = readU16(bytes, HEADER_LENGTH_AT)
  const { commitId, count, bodiesAt } = head
  const section = { head: bytes.subarray(sectionAt, bodiesAt), bodies: bytes.subarray(bodiesAt) }
  return placeAppend(moving, { commitId, count, ...section }, extensionsOf(commit))
}

function extensionsOf(commit: StandingCommit): readonly Extension[] {
  const value = encodeReplaced(replacedOf(commit))
  const all = [...commit.head.extensions, { id: REPLACES, critical: true, value }]
  const room = Math.floor(MOST_EXTENSION_BYTES / (EXTENSION_FIXED_BYTES + value.length))
  return all.slice(-room)
}
