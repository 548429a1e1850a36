/**
 * From placed commits to the records that hold them, as a pure function: whole commits share a record until it has
 * `SEALED_EVENTS` events or `SEALED_BYTES` bytes (group commit), and each record says what it changed of the version
 * vector. Every `WHOLE_EVERY` records, and always while the vector is small, a record holds the whole vector, so that
 * finding the head reads a bounded number of records.
 */
import { assert } from './assert.ts'
import { laterTimestamp } from './clock.ts'
import { headLength } from './commit.ts'
import type { Head, MovingHead, PlacedCommit } from './head.ts'
import type { Offset, ReplicaId, Sequence } from './identity.ts'
import { encodeRecord, MAX_RECORD_EVENTS } from './record.ts'
import type { Voids } from './voids.ts'

/** A record takes no further commit once it has this many events … */
export const SEALED_EVENTS = 500
/** … or this many bytes. */
export const SEALED_BYTES = 262_144
/** Vectors of at most this many replicas are stored whole with every record. */
export const SMALL_VECTOR = 8
/** At least every so many records hold the whole vector. */
export const WHOLE_EVERY = 64

/** A record that is to be stored. */
export interface NewRecord {
  readonly firstOffset: Offset
  readonly lastOffset: Offset
  readonly bytes: Uint8Array
}

/** What a finished plan stores, and the head after it. */
export interface FinishedPlan {
  readonly records: readonly NewRecord[]
  readonly head: Head
  /** What is voided after it, when the plan changes that. */
  readonly voids?: Voids
}

/** Groups the placed commits into records behind `head`. */
export function finishPlan(head: Head, moving: MovingHead): FinishedPlan {
  let next = head
  const records = groupCommits(moving.commits).map((commits) => {
    const { record, after } = storeTogether(next, commits)
    next = after
    return record
  })
  return { records, head: next }
}

/** Cuts commits into runs that share a record. */
export function groupCommits<Commit extends PlacedCommit>(
  commits: readonly Commit[],
): readonly (readonly Commit[])[] {
  const groups: Commit[][] = []
  let events = SEALED_EVENTS
  let bytes = 0
  for (const commit of commits) {
    if (events >= SEALED_EVENTS || bytes >= SEALED_BYTES || events + commit.count > MAX_RECORD_EVENTS) {
      groups.push([])
      events = 0
      bytes = 0
    }
    groups.at(-1)!.push(commit)
    events += commit.count
    bytes += headLength(commit) + commit.bodies.length
  }
  return groups
}

function storeTogether(head: Head, commits: readonly PlacedCommit[]): { record: NewRecord; after: Head } {
  const changed = new Map<ReplicaId, Sequence>()
  let [clock, count] = [head.clock, 0]
  for (const commit of commits) {
    changed.set(commit.replica, commit.lastSequence)
    clock = laterTimestamp(clock, commit.timestamp)
    count += commit.count
  }
  const vector = head.vector.advance(changed)
  const whole = vector.size <= SMALL_VECTOR || head.recordsSinceWhole + 1 >= WHOLE_EVERY
  const firstOffset = commits[0]!.firstOffset
  assert(firstOffset === head.nextOffset, 'records follow each other')
  const entries = [...(whole ? vector.entries() : changed)]
  const bytesBefore = head.storedBytes
  const bytes = encodeRecord({ firstOffset, count, clock, whole, vector: entries, bytesBefore, commits })
  const nextOffset = (firstOffset + count) as Offset
  const recordsSinceWhole = whole ? 0 : head.recordsSinceWhole + 1
  const storedBytes = bytesBefore + bytes.length
  const after = { ...head, nextOffset, vector, clock, recordsSinceWhole, storedBytes }
  return { record: { firstOffset, lastOffset: (nextOffset - 1) as Offset, bytes }, after }
}
