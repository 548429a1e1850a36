/**
 * Version vectors: how much of each replica's events a log holds. Because a log takes each replica's events in sequence
 * order and without gaps (L3), one number a replica says it all. Values never change; advancing makes a new vector.
 *
 * After D. S. Parker et al., "Detection of Mutual Inconsistency in Distributed Systems", IEEE TSE 9 (1983).
 */
import { HeadwaterError } from './error.ts'
import { isId, type ReplicaId, type Sequence } from './identity.ts'

/** A replica and the last of its sequences that is held. */
export type VectorEntry = readonly [ReplicaId, Sequence]

/** The high-water mark per replica. */
export interface VersionVector {
  /** How many replicas it knows. */
  readonly size: number
  /** The last sequence held of `replica`; 0 when none is. */
  get(replica: ReplicaId): Sequence
  /** Whether the event (replica, sequence) is held. */
  covers(replica: ReplicaId, sequence: Sequence): boolean
  /** Whether all that `other` counts is held. */
  coversAll(other: VersionVector): boolean
  /** A vector with these entries raised; lower entries change nothing. */
  advance(entries: Iterable<VectorEntry>): VersionVector
  entries(): IterableIterator<[ReplicaId, Sequence]>
  /** Plain data, replicas in ascending order. */
  toJSON(): Record<string, number>
}

/** Builds a vector; of several entries for a replica the highest counts. */
export function createVersionVector(entries: Iterable<VectorEntry> = []): VersionVector {
  return fromMap(raised(new Map(), entries))
}

/** A vector with these entries as they are, also where they are lower; 0 takes a replica out. */
export function withEntries(vector: VersionVector, entries: Iterable<VectorEntry>): VersionVector {
  const map = new Map(vector.entries())
  for (const [replica, sequence] of entries) {
    if (sequence > 0) map.set(replica, sequence)
    else map.delete(replica)
  }
  return fromMap(map)
}

/** Reads what `toJSON` gave, or refuses with `COMMIT_DAMAGED`. */
export function parseVersionVector(value: unknown): VersionVector | HeadwaterError {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refusal('it is no object')
  const entries: VectorEntry[] = []
  for (const [replica, sequence] of Object.entries(value)) {
    const text: unknown = replica
    if (!isId(text)) return refusal(`"${replica.slice(0, 40)}" is no replica id`)
    if (!Number.isSafeInteger(sequence) || sequence < 1)
      return refusal(`the sequence of ${replica} is no count`)
    entries.push([replica as ReplicaId, sequence as Sequence])
  }
  return createVersionVector(entries)
}

function fromMap(map: ReadonlyMap<ReplicaId, Sequence>): VersionVector {
  const get = (replica: ReplicaId): Sequence => map.get(replica) ?? (0 as Sequence)
  return {
    size: map.size,
    get,
    covers: (replica, sequence) => sequence <= get(replica),
    coversAll: (other) => [...other.entries()].every(([replica, sequence]) => sequence <= get(replica)),
    advance: (entries) => fromMap(raised(new Map(map), entries)),
    entries: () => new Map(map).entries(),
    toJSON: () => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

function raised(map: Map<ReplicaId, Sequence>, entries: Iterable<VectorEntry>): Map<ReplicaId, Sequence> {
  for (const [replica, sequence] of entries) {
    if (sequence > (map.get(replica) ?? 0)) map.set(replica, sequence)
  }
  return map
}

function refusal(why: string): HeadwaterError {
  return new HeadwaterError('COMMIT_DAMAGED', `The version vector cannot be read: ${why}.`, {
    hint: 'It was not written by VersionVector.toJSON; ask its sender again.',
  })
}
