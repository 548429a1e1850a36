/**
 * Voided commits, as values: which stored commits no longer stand, why, and which commits are known to be replaced. A commit
 * is voided as `replaced` when its replacement is held, as `aside` when another branch of its replica stands and no
 * replacement has come yet. Voids are rare and few; all of them are kept together, and never forgotten.
 */
import { sameBytes } from './bytes.ts'
import type { CommitId, Offset, ReplicaId, Sequence } from './identity.ts'
import type { Receipt } from './receipt.ts'
import type { Replaced } from './replaces.ts'

/** Why a commit does not stand. */
export type VoidReason = 'replaced' | 'aside'

/** Offsets, both included, whose commits do not stand. */
export interface VoidRange {
  readonly first: Offset
  readonly last: Offset
  readonly reason: VoidReason
}

/** A stored commit that does not stand. */
export interface VoidedCommit {
  readonly firstOffset: Offset
  readonly count: number
  readonly replica: ReplicaId
  readonly firstSequence: Sequence
  readonly commitId: CommitId
  /** Its chain hash. */
  readonly hash: Uint8Array
  readonly reason: VoidReason
}

/** A commit that must not come back, held or not, and where its replacement landed here. */
export interface Replacement extends Replaced {
  readonly commitId: CommitId
  readonly by: Omit<Receipt, 'held'>
}

/** All that is voided in a log. Never changes; voiding more makes another. */
export interface Voids {
  /** Raised by each change. */
  readonly version: number
  /** In order of offsets. */
  readonly commits: readonly VoidedCommit[]
  readonly replaced: readonly Replacement[]
  /** From which offset on a version made commits fall: what was computed of later ones before it is worthless. */
  readonly falls: readonly Fall[]
}

/** A change of the voids under which commits fell. */
export interface Fall {
  readonly version: number
  readonly from: Offset
}

/** Nothing is voided. */
export const NO_VOIDS: Voids = { version: 0, commits: [], replaced: [], falls: [] }

/** The voided commit that holds `offset`. */
export function voidedAt({ commits }: Voids, offset: number): VoidedCommit | undefined {
  let low = 0
  let high = commits.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (commits[middle]!.firstOffset <= offset) low = middle + 1
    else high = middle
  }
  const found = commits[low - 1]
  return found && offset < found.firstOffset + found.count ? found : undefined
}

/** The replacement of a commit that is known to be replaced. */
export function replacementOf(voids: Voids, { replica, sequence, hash }: Replaced): Replacement | undefined {
  return voids.replaced.find(
    (each) => each.sequence === sequence && each.replica === replica && sameBytes(each.hash, hash),
  )
}

/** Voids more: `fallen` stood before, `turned` were aside and are replaced now. */
export function voidMore(
  voids: Voids,
  fallen: readonly VoidedCommit[],
  turned: readonly VoidedCommit[],
  replaced: readonly Replacement[],
): Voids {
  const version = voids.version + 1
  const byOffset = new Map(voids.commits.map((commit) => [commit.firstOffset, commit]))
  for (const commit of [...turned, ...fallen]) byOffset.set(commit.firstOffset, commit)
  const commits = [...byOffset.values()].sort((a, b) => a.firstOffset - b.firstOffset)
  const news = replaced.filter((each) => !replacementOf(voids, each))
  const first = fallen[0]
  const falls = first ? [...voids.falls, { version, from: first.firstOffset }] : voids.falls
  return { version, commits, replaced: [...voids.replaced, ...news], falls }
}

/** Whether what was computed of commits up to `offset` under an earlier version still holds. */
export function stillHolds({ falls }: Voids, version: number, offset: number): boolean {
  return falls.every((fall) => fall.version <= version || fall.from > offset)
}

/** The offsets of these commits, those beside each other with one reason as one range. */
export function rangesOf(commits: readonly VoidedCommit[]): readonly VoidRange[] {
  const ranges: VoidRange[] = []
  for (const { firstOffset, count, reason } of commits) {
    const last = (firstOffset + count - 1) as Offset
    const before = ranges.at(-1)
    if (before?.reason === reason && before.last + 1 === firstOffset)
      ranges[ranges.length - 1] = { ...before, last }
    else ranges.push({ first: firstOffset, last, reason })
  }
  return ranges
}

/** The offsets of all that is voided up to an offset. */
export function rangesUpTo({ commits }: Voids, through: Offset): readonly VoidRange[] {
  return rangesOf(commits.filter(({ firstOffset }) => firstOffset <= through)).map((range) =>
    range.last <= through ? range : { ...range, last: through },
  )
}

/** Events that are set aside and wait for their reissue. */
export function countAside({ commits }: Voids): number {
  return commits.reduce((sum, { reason, count }) => (reason === 'aside' ? sum + count : sum), 0)
}
