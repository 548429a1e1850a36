/**
 * Where each replica's commits lie, built from the log when a merge first brings something that is held already, and then
 * kept up: with it the bytes of a held commit are compared with the stored ones, so that a fork is told from a duplicate.
 * Two numbers a commit; nothing of it is stored.
 */
import { sameBytes } from '../bytes.ts'
import type { CommitHead } from '../commit.ts'
import { lastSequenceOf } from '../foreign.ts'
import type { Offset, ReplicaId } from '../identity.ts'
import { commitBytes } from '../record.ts'
import { commitAt, type ReaderContext, scanCommits } from './reader.ts'

/** What comparing a held commit came to; `lost` when the stored one cannot be read. */
export type Comparison = 'same' | 'other' | 'lost'

/** Compares held commits with the stored ones. */
export interface CommitIndex {
  compare(commit: CommitHead): Promise<Comparison>
}

interface Known {
  /** First sequences of the replica's commits, ascending, and the last sequence and first offset of each. */
  readonly first: number[]
  readonly last: number[]
  readonly offsets: number[]
}

/** Creates an index that has seen nothing yet. */
export function createCommitIndex(context: ReaderContext): CommitIndex {
  const replicas = new Map<ReplicaId, Known>()
  let through = 0 as Offset
  const catchUp = (): Promise<void> =>
    scanCommits(context, through, ({ head, firstOffset }) => {
      if (firstOffset <= through) return
      const known = replicas.get(head.replica) ?? { first: [], last: [], offsets: [] }
      replicas.set(head.replica, known)
      known.first.push(head.firstSequence)
      known.last.push(lastSequenceOf(head))
      known.offsets.push(firstOffset)
      through = (firstOffset + head.count - 1) as Offset
    })
  const find = (commit: CommitHead): Offset | 'other' | undefined => {
    const known = replicas.get(commit.replica)
    const place = known ? firstNotBelow(known.last, commit.firstSequence) : 0
    if (!known || place >= known.first.length || known.first[place]! > lastSequenceOf(commit))
      return undefined
    return known.first[place] === commit.firstSequence ? (known.offsets[place] as Offset) : 'other'
  }
  return {
    compare: async (commit) => {
      if (find(commit) === undefined) await catchUp()
      const offset = find(commit)
      if (offset === undefined || offset === 'other') return offset ?? 'lost'
      const stored = await commitAt(context, offset)
      if (!stored) return 'lost'
      return sameBytes(commitBytes(stored.record.view, stored.commit), commit.bytes) ? 'same' : 'other'
    },
  }
}

/** The place of the first number that is at least `bound`. */
function firstNotBelow(ascending: readonly number[], bound: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! < bound) low = middle + 1
    else high = middle
  }
  return low
}
