/**
 * Where each replica's commits lie and when they were written, built from the log when a merge first asks for either, and
 * then kept up. With it the bytes of a held commit are compared with the stored ones, so that a fork is told from a
 * duplicate, and a new commit's stamp with that of the one before. Four numbers a commit; nothing of it is stored.
 */
import { sameBytes } from '../bytes.ts'
import { NO_TIME } from '../clock.ts'
import type { CommitHead } from '../commit.ts'
import { type LastStamp, lastSequenceOf } from '../foreign.ts'
import type { Offset, ReplicaId, Sequence, Timestamp } from '../identity.ts'
import { commitBytes } from '../record.ts'
import { commitAt, type ReaderContext, scanCommits } from './reader.ts'

/** What comparing a held commit came to; `lost` when the stored one cannot be read. */
export type Comparison = 'same' | 'other' | 'lost'

/** Compares held commits with the stored ones. */
export interface CommitIndex {
  compare(commit: CommitHead): Promise<Comparison>
  /** The last stamps that are known, a replica each. */
  readonly lastStamps: ReadonlyMap<ReplicaId, LastStamp>
  /** Takes note of the stamp of a stored commit. */
  learnStamp(commit: CommitHead): void
  /** Looks up the stamp of the commit before this one: `NO_TIME` when it cannot be read any more. */
  findStampBefore(commit: CommitHead): Promise<void>
}

interface Known {
  /** First sequences of the replica's commits, ascending, and the last sequence, first offset and stamp of each. */
  readonly first: number[]
  readonly last: number[]
  readonly offsets: number[]
  readonly stamps: Timestamp[]
}

/** Creates an index that has seen nothing yet. */
export function createCommitIndex(context: ReaderContext): CommitIndex {
  const replicas = new Map<ReplicaId, Known>()
  const lastStamps = new Map<ReplicaId, LastStamp>()
  let through = 0 as Offset
  const note = (replica: ReplicaId, sequence: Sequence, timestamp: Timestamp): void => {
    lastStamps.set(replica, { sequence, timestamp }) // also when lower: a damaged record can set a replica back
  }
  const catchUp = (): Promise<void> =>
    scanCommits(context, through, ({ head, firstOffset }) => {
      if (firstOffset <= through) return
      const known = replicas.get(head.replica) ?? { first: [], last: [], offsets: [], stamps: [] }
      replicas.set(head.replica, known)
      known.first.push(head.firstSequence)
      known.last.push(lastSequenceOf(head))
      known.offsets.push(firstOffset)
      known.stamps.push(head.timestamp)
      through = (firstOffset + head.count - 1) as Offset
    })
  const find = (commit: CommitHead): Offset | 'other' | undefined => {
    const known = replicas.get(commit.replica)
    const place = known ? firstNotBelow(known.last, commit.firstSequence) : 0
    if (!known || place >= known.first.length || known.first[place]! > lastSequenceOf(commit))
      return undefined
    return known.first[place] === commit.firstSequence ? (known.offsets[place] as Offset) : 'other'
  }
  const stampAt = (replica: ReplicaId, sequence: number): Timestamp | undefined => {
    const known = replicas.get(replica)
    const place = known ? firstNotBelow(known.last, sequence) : 0
    return known?.last[place] === sequence ? known.stamps[place] : undefined
  }
  return {
    lastStamps,
    learnStamp: (commit) => note(commit.replica, lastSequenceOf(commit), commit.timestamp),
    findStampBefore: async ({ replica, firstSequence }) => {
      const sequence = (firstSequence - 1) as Sequence
      if (stampAt(replica, sequence) === undefined) await catchUp()
      note(replica, sequence, stampAt(replica, sequence) ?? NO_TIME)
    },
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
