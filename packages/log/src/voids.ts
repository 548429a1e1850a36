/**
 * Voided commits, as values: which stored commits no longer stand, why, and which commits are known to be replaced. A commit
 * is voided as `replaced` when its replacement is held, as `aside` when another branch of its replica stands and no
 * replacement has come yet. A duplicate (`reissues.ts`) stands, but its events are left out as well. All of this is rare and
 * little; it is kept together, and never forgotten.
 */
import type { CommitId, Offset, ReplicaId, Sequence } from './identity.ts'
import {
  addReissues,
  duplicateAt,
  firstOffsetOf,
  isSameReplaced,
  type NewReissue,
  type Reissue,
} from './reissues.ts'
import type { Replaced } from './replaces.ts'

/** Why a commit does not stand. */
export type VoidReason = 'replaced' | 'aside'

/** Why the events of a commit are left out. */
export type LeftOut = VoidReason | 'duplicate'

/** Offsets, both included, whose events are left out. */
export interface VoidRange {
  readonly first: Offset
  readonly last: Offset
  readonly reason: LeftOut
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

/** All that is voided in a log. Never changes; voiding more makes another. */
export interface Voids {
  /** Raised by each change. */
  readonly version: number
  /** In order of offsets. */
  readonly commits: readonly VoidedCommit[]
  /** In order of offsets. */
  readonly reissues: readonly Reissue[]
  /** From which offset on a version made commits fall: what was computed of later ones before it is worthless. */
  readonly falls: readonly Fall[]
}

/** A change of the voids under which commits fell. */
export interface Fall {
  readonly version: number
  readonly from: Offset
}

/** Nothing is voided. */
export const NO_VOIDS: Voids = { version: 0, commits: [], reissues: [], falls: [] }

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

/** Whether the events at `offset` are left out of what readers are given. */
export function isLeftOut(voids: Voids, offset: number): boolean {
  return voidedAt(voids, offset) !== undefined || duplicateAt(voids.reissues, offset) !== undefined
}

/** Whether a commit is known to be replaced, and must not come back. */
export function isReplaced({ reissues }: Voids, replaced: Replaced): boolean {
  return reissues.some(({ replaces }) => replaces.some((each) => isSameReplaced(each, replaced)))
}

/** What is voided more: `fallen` stood before, `turned` were aside and are replaced now. */
export interface MoreVoids {
  readonly fallen: readonly VoidedCommit[]
  readonly turned: readonly VoidedCommit[]
  readonly reissues: readonly NewReissue[]
}

/** Voids more; `overtaken` stand on as duplicates. */
export function voidMore(
  voids: Voids,
  { fallen, turned, reissues: news }: MoreVoids,
): { readonly voids: Voids; readonly overtaken: readonly Reissue[] } {
  const version = voids.version + 1
  const byOffset = new Map(voids.commits.map((commit) => [commit.firstOffset, commit]))
  for (const commit of [...turned, ...fallen]) byOffset.set(commit.firstOffset, commit)
  const commits = [...byOffset.values()].sort((a, b) => a.firstOffset - b.firstOffset)
  const first = fallen[0]
  const falls = first ? [...voids.falls, { version, from: first.firstOffset }] : voids.falls
  const { reissues, overtaken } = addReissues(voids.reissues, news)
  const standing = overtaken.filter((each) => !byOffset.has(firstOffsetOf(each)))
  return { voids: { version, commits, reissues, falls }, overtaken: standing }
}

/** Whether what was computed of commits up to `offset` under an earlier version still holds. */
export function stillHolds({ falls }: Voids, version: number, offset: number): boolean {
  return falls.every((fall) => fall.version <= version || fall.from > offset)
}

/** The offsets of these commits, those beside each other with one reason as one range. */
export function rangesOf(
  commits: readonly { readonly firstOffset: Offset; readonly count: number; readonly reason: LeftOut }[],
): readonly VoidRange[] {
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
