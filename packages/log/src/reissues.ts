/**
 * Commits that were written again, as values, and which of them counts. Two copies of one profile can each reissue a commit that
 * both hold, without knowing of each other. Then both reissues stand, each in the chain of its replica, and one of them
 * counts; the others are duplicates: they keep their places in vector and chain and are forwarded, and nobody is given
 * their events.
 *
 * **R2, V3** Which one counts follows from the commits alone, in whatever order they come. Each names all that it replaces, so
 * that the reissues of a commit form a tree; where it branches, the replica id that sorts first counts, with all
 * that grows from it. What is once a duplicate therefore stays one, and reissuing it again changes nothing about that.
 */
import { sameBytes } from './bytes.ts'
import { lastSequenceOf } from './commit.ts'
import type { Offset, ReplicaId, Sequence } from './identity.ts'
import type { Receipt } from './receipt.ts'
import type { Replaced } from './replaces.ts'

/** A commit that replaces others, as it was stored here. */
export interface Reissue {
  /** Where it landed. */
  readonly by: Omit<Receipt, 'held'>
  /** What it replaces, the oldest first: held or not, none of these may come back. */
  readonly replaces: readonly Replaced[]
  /** Whether another reissue of the same commit counts instead. */
  readonly isDuplicate: boolean
}

/** A reissue of which it is not decided yet whether it counts. */
export type NewReissue = Omit<Reissue, 'isDuplicate'>

/** More reissues, in order of offsets, and those among all that have become duplicates by them. */
export interface MoreReissues {
  readonly reissues: readonly Reissue[]
  readonly overtaken: readonly Reissue[]
}

/** Adds reissues that were put behind all others. */
export function addReissues(known: readonly Reissue[], news: readonly NewReissue[]): MoreReissues {
  const touched = new Set(news.map(({ by }) => by.commitId))
  const all = [...known, ...news.map((each) => ({ ...each, isDuplicate: false }))]
  const overtaken: Reissue[] = []
  const reissues = all.map((each) => {
    const isOvertaken =
      !each.isDuplicate && touched.has(each.by.commitId) && all.some((other) => beats(other, each))
    if (!isOvertaken) return each
    const duplicate = { ...each, isDuplicate: true }
    overtaken.push(duplicate)
    return duplicate
  })
  return { reissues, overtaken }
}

/** The duplicate that holds `offset`. */
export function duplicateAt(reissues: readonly Reissue[], offset: number): Reissue | undefined {
  let low = 0
  let high = reissues.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (reissues[middle]!.by.offset < offset) low = middle + 1
    else high = middle
  }
  const found = reissues[low]
  return found?.isDuplicate && firstOffsetOf(found) <= offset ? found : undefined
}

/** The offset of its first event. */
export function firstOffsetOf({ by }: Pick<Reissue, 'by'>): Offset {
  return (by.offset - by.count + 1) as Offset
}

/** Whether two name the same commit, by its chain hash. */
export function isSameReplaced(a: Replaced, b: Replaced): boolean {
  return a.sequence === b.sequence && a.replica === b.replica && sameBytes(a.hash, b.hash)
}

/** Whether `one` counts where `other` does not: they part behind the last commit that both replace. */
function beats(one: Reissue, other: Reissue): boolean {
  if (one.by.commitId !== other.by.commitId) return false
  const at = other.replaces.findLastIndex((each) => indexIn(one, each) >= 0)
  if (at < 0) return false
  const theirs = stepAt(other, at + 1)
  const ours = stepAt(one, indexIn(one, other.replaces[at]!) + 1)
  return compareSteps(ours, theirs) < 0
}

function indexIn({ replaces }: Reissue, replaced: Replaced): number {
  return replaces.findIndex((each) => isSameReplaced(each, replaced))
}

interface PathStep {
  readonly replica: ReplicaId
  readonly sequence: Sequence
}

/** A commit on the way to a reissue; behind all that it replaces comes the reissue itself. */
function stepAt({ replaces, by }: Reissue, at: number): PathStep {
  return replaces[at] ?? { replica: by.replica, sequence: lastSequenceOf(by) }
}

function compareSteps(a: PathStep, b: PathStep): number {
  if (a.replica !== b.replica) return a.replica < b.replica ? -1 : 1
  return a.sequence - b.sequence
}
