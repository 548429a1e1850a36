/**
 * Voiding as pure functions: what a plan voids, the marker record that says so to readers, and the head behind it. The
 * marker comes last in its transaction and always holds the whole version vector, because it is the only record that can
 * lower an entry of it.
 */
import { lastSequenceOf } from './commit.ts'
import type { FinishedPlan } from './grouping.ts'
import type { Offset, ReplicaId, Sequence } from './identity.ts'
import { encodeRecord } from './record.ts'
import { firstOffsetOf, isSameReplaced, type NewReissue, type Reissue } from './reissues.ts'
import { type VectorEntry, withEntries } from './version-vector.ts'
import { rangesOf, type VoidedCommit, type VoidRange, type Voids, voidMore } from './voids.ts'

/** What a plan voids. */
export interface Voiding {
  /** All that is voided afterwards. */
  readonly voids: Voids
  /** Commits that stood before, in order of offsets. */
  readonly fallen: readonly VoidedCommit[]
  /** Commits that stand, and whose events are left out from now on: another reissue counts. */
  readonly overtaken: readonly Reissue[]
}

/** Collects what a plan voids. */
export interface VoidingDraft {
  /** Voids commits that stand. One that is already in the draft as replaced stays so. */
  fell(commits: readonly VoidedCommit[]): void
  /** Notes what a commit replaces; of that, what is set aside, before or in this draft, is replaced from now on. */
  replace(reissue: NewReissue): void
  /** What this draft sets aside, in order of offsets. */
  aside(): readonly VoidedCommit[]
  /** Undefined when nothing changed. */
  finish(): Voiding | undefined
}

/** Begins to void beyond `voids`. */
export function draftVoiding(voids: Voids): VoidingDraft {
  const fallen = new Map<Offset, VoidedCommit>()
  const turned = new Map<Offset, VoidedCommit>()
  const reissues: NewReissue[] = []
  const inOrder = (): readonly VoidedCommit[] =>
    [...fallen.values()].sort((a, b) => a.firstOffset - b.firstOffset)
  return {
    fell: (commits) => {
      for (const commit of commits)
        if (!fallen.has(commit.firstOffset)) fallen.set(commit.firstOffset, commit)
    },
    replace: (reissue) => {
      reissues.push(reissue)
      const turn = (from: Iterable<VoidedCommit>, into: Map<Offset, VoidedCommit>): void => {
        for (const commit of from) {
          if (isAmong(commit, reissue)) into.set(commit.firstOffset, { ...commit, reason: 'replaced' })
        }
      }
      turn(fallen.values(), fallen)
      turn(voids.commits, turned)
    },
    aside: () => inOrder().filter(({ reason }) => reason === 'aside'),
    finish: () => {
      if (fallen.size + reissues.length === 0) return undefined
      const more = voidMore(voids, { fallen: inOrder(), turned: [...turned.values()], reissues })
      return { ...more, fallen: inOrder() }
    },
  }
}

/** Puts the marker behind what a plan stores; where no reader has anything to take back, only what is known of voids changes. */
export function finishVoiding(plan: FinishedPlan, voiding: Voiding | undefined): FinishedPlan {
  if (!voiding) return plan
  const { voids, fallen, overtaken } = voiding
  const after = { ...plan, head: { ...plan.head, voids }, voids }
  if (fallen.length + overtaken.length === 0) return after
  return withMarker(after, rangesOf([...fallen, ...overtaken.map(leftOut)]), loweredBy(fallen))
}

/** Puts a marker behind what a plan stores, which lowers these entries of the vector. */
export function withMarker(
  plan: FinishedPlan,
  marker: readonly VoidRange[],
  lowered: readonly VectorEntry[],
): FinishedPlan {
  const { nextOffset: firstOffset, clock, storedBytes: bytesBefore } = plan.head
  const vector = withEntries(plan.head.vector, lowered)
  const entries = [...vector.entries()]
  const bytes = encodeRecord({
    firstOffset,
    count: 1,
    clock,
    whole: true,
    vector: entries,
    bytesBefore,
    commits: [],
    marker,
  })
  const nextOffset = (firstOffset + 1) as Offset
  const storedBytes = bytesBefore + bytes.length
  const head = { ...plan.head, nextOffset, vector, recordsSinceWhole: 0, storedBytes }
  return { ...plan, records: [...plan.records, { firstOffset, lastOffset: firstOffset, bytes }], head }
}

/** Events in these commits. */
export function countEvents(commits: readonly { readonly count: number }[]): number {
  return commits.reduce((sum, { count }) => sum + count, 0)
}

/** Where each replica stands without the fallen commits, which are its last ones. */
function loweredBy(fallen: readonly VoidedCommit[]): readonly VectorEntry[] {
  const lowest = new Map<ReplicaId, Sequence>()
  for (const { replica, firstSequence } of fallen) {
    const before = (firstSequence - 1) as Sequence
    if (before < (lowest.get(replica) ?? Number.POSITIVE_INFINITY)) lowest.set(replica, before)
  }
  return [...lowest]
}

function leftOut(reissue: Reissue): Parameters<typeof rangesOf>[0][number] {
  return { firstOffset: firstOffsetOf(reissue), count: reissue.by.count, reason: 'duplicate' }
}

function isAmong(commit: VoidedCommit, { replaces }: NewReissue): boolean {
  const { replica, hash } = commit
  return replaces.some((each) => isSameReplaced(each, { replica, sequence: lastSequenceOf(commit), hash }))
}
