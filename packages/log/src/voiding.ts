/**
 * Voiding as pure functions: what a plan voids, the marker record that says so to readers, and the head behind it. The
 * marker comes last in its transaction and always holds the whole version vector, because it is the only record that can
 * lower an entry of it.
 */
import { sameBytes } from './bytes.ts'
import { lastSequenceOf } from './commit.ts'
import type { FinishedPlan } from './grouping.ts'
import type { Offset, ReplicaId, Sequence } from './identity.ts'
import { encodeRecord } from './record.ts'
import type { Replaced } from './replaces.ts'
import { type VectorEntry, withEntries } from './version-vector.ts'
import { type Replacement, rangesOf, type VoidedCommit, type Voids, voidMore } from './voids.ts'

/** What a plan voids. */
export interface Voiding {
  /** All that is voided afterwards. */
  readonly voids: Voids
  /** Commits that stood before, in order of offsets. */
  readonly fallen: readonly VoidedCommit[]
}

/** Collects what a plan voids. */
export interface VoidingDraft {
  /** Voids commits that stand. One that is already in the draft as replaced stays so. */
  fell(commits: readonly VoidedCommit[]): void
  /** Notes that a commit is replaced; one that is set aside, before or in this draft, is replaced from now on. */
  replace(replacement: Replacement): void
  /** Undefined when nothing changed. */
  finish(): Voiding | undefined
}

/** Begins to void beyond `voids`. */
export function draftVoiding(voids: Voids): VoidingDraft {
  const fallen = new Map<Offset, VoidedCommit>()
  const turned = new Map<Offset, VoidedCommit>()
  const replaced: Replacement[] = []
  return {
    fell: (commits) => {
      for (const commit of commits)
        if (!fallen.has(commit.firstOffset)) fallen.set(commit.firstOffset, commit)
    },
    replace: (replacement) => {
      replaced.push(replacement)
      const turn = (from: Iterable<VoidedCommit>, into: Map<Offset, VoidedCommit>): void => {
        for (const commit of from) {
          if (isIt(commit, replacement)) into.set(commit.firstOffset, { ...commit, reason: 'replaced' })
        }
      }
      turn(fallen.values(), fallen)
      turn(voids.commits, turned)
    },
    finish: () => {
      if (fallen.size + replaced.length === 0) return undefined
      const inOrder = [...fallen.values()].sort((a, b) => a.firstOffset - b.firstOffset)
      return { voids: voidMore(voids, inOrder, [...turned.values()], replaced), fallen: inOrder }
    },
  }
}

/** Puts the marker behind what a plan stores; without anything fallen only what is known of voids changes. */
export function finishVoiding(plan: FinishedPlan, voiding: Voiding | undefined): FinishedPlan {
  if (!voiding) return plan
  const { voids, fallen } = voiding
  if (fallen.length === 0) return { ...plan, head: { ...plan.head, voids }, voids }
  const { nextOffset: firstOffset, clock, storedBytes: bytesBefore } = plan.head
  const vector = withEntries(plan.head.vector, loweredBy(fallen))
  const bytes = encodeRecord({
    firstOffset,
    count: 1,
    clock,
    whole: true,
    vector: [...vector.entries()],
    bytesBefore,
    commits: [],
    marker: rangesOf(fallen),
  })
  const nextOffset = (firstOffset + 1) as Offset
  const storedBytes = bytesBefore + bytes.length
  const head = { ...plan.head, nextOffset, vector, recordsSinceWhole: 0, storedBytes, voids }
  return { records: [...plan.records, { firstOffset, lastOffset: firstOffset, bytes }], head, voids }
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

function isIt(commit: VoidedCommit, { replica, sequence, hash }: Replaced): boolean {
  return commit.replica === replica && lastSequenceOf(commit) === sequence && sameBytes(commit.hash, hash)
}
