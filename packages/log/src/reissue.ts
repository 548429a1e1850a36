/**
 * Reissuing as pure functions: commits that cannot stand, written again as they are but for their header. The events
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
import { encodeReplaced, REPLACED_BYTES, REPLACES, type Replaced } from './replaces.ts'
import { type StandingCommit, voidedOf } from './standing.ts'
import { draftVoiding, finishVoiding, type VoidingDraft } from './voiding.ts'

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
    return placeAgain(moving, commit, replica, voiding)
  })
  return { ...finishVoiding(finishPlan(start, moving), voiding.finish()), placements }
}

/** Places a commit again, under `replica`, and notes what it replaces by that. */
export function placeAgain(
  moving: MovingHead,
  commit: StandingCommit,
  replica: ReplicaId,
  voiding: VoidingDraft,
): Placement {
  const { head, bytes } = commit
  const sectionAt = readU16(bytes, HEADER_LENGTH_AT)
  const { commitId, count, bodiesAt } = head
  const section = { head: bytes.subarray(sectionAt, bodiesAt), bodies: bytes.subarray(bodiesAt) }
  const kept = head.extensions.filter(({ id, critical }) => !(critical && id === REPLACES))
  const replaces = replacedWith(commit, roomBeside(kept))
  const extensions = [...kept, ...replaces.map(extensionOf)]
  const by = placeAppend(moving, { commitId, count, ...section }, { replica, extensions })
  voiding.replace({ by, replaces })
  return by
}

/** The commit, and what it replaces itself, the newest last: of one that was reissued very often the oldest are forgotten. */
function replacedWith({ head, hash }: StandingCommit, room: number): readonly Replaced[] {
  return [...replacesOf(head), { replica: head.replica, sequence: lastSequenceOf(head), hash }].slice(-room)
}

/** How many extensions `replaces` fit into a header beside those that are kept. */
function roomBeside(kept: readonly Extension[]): number {
  const used = kept.reduce((sum, { value }) => sum + EXTENSION_FIXED_BYTES + value.length, HEADER_BYTES)
  return Math.max(1, Math.floor((MAX_HEADER_BYTES - used) / (EXTENSION_FIXED_BYTES + REPLACED_BYTES)))
}

function extensionOf(replaced: Replaced): Extension {
  return { id: REPLACES, critical: true, value: encodeReplaced(replaced) }
}
