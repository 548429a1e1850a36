/**
 * Where each replica's commits lie and when they were written, built from the log when a merge first asks for either, and
 * then kept up. With it the bytes of a held commit are compared with the stored ones, so that a fork is told from a
 * duplicate, and a new commit's stamp with that of the one before. Four numbers a commit; nothing of it is stored.
 */
import { sameBytes } from '../bytes.ts'
import { NO_TIME } from '../clock.ts'
import { type CommitHead, lastSequenceOf } from '../commit.ts'
import type { Offset, ReplicaId, Sequence, Timestamp } from '../identity.ts'
import type { LastStamp } from '../merge-facts.ts'
import { commitBytes } from '../record.ts'
import { NO_VOIDS, type Voids, voidedAt } from '../voids.ts'
import { commitAt, type ReaderContext, scanCommits } from './reader.ts'

/** What comparing a held commit came to; `lost` when the stored one cannot be read. */
export type Comparison = 'same' | 'other' | 'lost'

/** Compares held commits with the stored ones. */
export interface CommitIndex {
  /** Goes by these voids from now on; what was noted under others is forgotten. */
  stand(voids: Voids): void
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
  const lastStamps = new Map<ReplicaId, LastStamp>()
  let places = createPlaces(context, NO_VOIDS)
  const note = (replica: ReplicaId, sequence: Sequence, timestamp: Timestamp): void => {
    lastStamps.set(replica, { sequence, timestamp }) // also when lower: a damaged record can set a replica back
  }
  return {
    lastStamps,
    stand: (voids) => {
      if (voids.version === places.voids.version) return
      places = createPlaces(context, voids)
      lastStamps.clear()
    },
    learnStamp: (commit) => note(commit.replica, lastSequenceOf(commit), commit.timestamp),
    findStampBefore: async ({ replica, firstSequence }) => {
      const sequence = (firstSequence - 1) as Sequence
      if (places.stampAt(replica, sequence) === undefined) await places.catchUp()
      note(replica, sequence, places.stampAt(replica, sequence) ?? NO_TIME)
    },
    compare: async (commit) => {
      if (places.find(commit) === undefined) await places.catchUp()
      const offset = places.find(commit)
      if (offset === undefined || offset === 'other') return offset ?? 'lost'
      const stored = await commitAt(context, offset)
      if (!stored) return 'lost'
      return sameBytes(commitBytes(stored.record.view, stored.commit), commit.bytes) ? 'same' : 'other'
    },
  }
}

/** Where the standing commits lie, as far as they were looked for. */
interface Places {
  readonly voids: Voids
  /** Looks at what is new in the log. */
  catchUp(): Promise<void>
  /** The offset of the standing commit; `other` when another one has its sequences. */
  find(commit: CommitHead): Offset | 'other' | undefined
  stampAt(replica: ReplicaId, sequence: number): Timestamp | undefined
}

function createPlaces(context: ReaderContext, voids: Voids): Places {
  const replicas = new Map<ReplicaId, Known>()
  let through = 0 as Offset
  return {
    voids,
    catchUp: () =>
      scanCommits(context, through, ({ head, firstOffset }) => {
        if (firstOffset <= through || voidedAt(voids, firstOffset)) return
        const known = replicas.get(head.replica) ?? { first: [], last: [], offsets: [], stamps: [] }
        replicas.set(head.replica, known)
        known.first.push(head.firstSequence)
        known.last.push(lastSequenceOf(head))
        known.offsets.push(firstOffset)
        known.stamps.push(head.timestamp)
        through = (firstOffset + head.count - 1) as Offset
      }),
    find: (commit) => {
      const known = replicas.get(commit.replica)
      const place = known ? firstNotBelow(known.last, commit.firstSequence) : 0
      if (!known || place >= known.first.length || known.first[place]! > lastSequenceOf(commit))
        return undefined
      return known.first[place] === commit.firstSequence ? (known.offsets[place] as Offset) : 'other'
    },
    stampAt: (replica, sequence) => {
      const known = replicas.get(replica)
      const place = known ? firstNotBelow(known.last, sequence) : 0
      return known?.last[place] === sequence ? known.stamps[place] : undefined
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
