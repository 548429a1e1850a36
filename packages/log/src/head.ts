/**
 * The head of a log and what may be put behind it, as pure functions: appends are stamped here (sequence, timestamp,
 * offset), whatever stores them. A writer plans from the head that it believes in; when the belief proves stale it plans
 * the same work again from the true one, and nothing of the first plan is kept.
 */
import { assert } from './assert.ts'
import { laterTimestamp, nextTimestamp } from './clock.ts'
import { type CommitContent, type Extension, NO_EXTENSIONS } from './commit.ts'
import type { PackedDrafts } from './encode-drafts.ts'
import type { Offset, ReplicaId, Sequence, Timestamp } from './identity.ts'
import type { Receipt } from './receipt.ts'
import type { VectorEntry, VersionVector } from './version-vector.ts'
import type { Voids } from './voids.ts'

/** All that the next commit depends on. */
export interface Head {
  /** The offset of the next event. */
  readonly nextOffset: Offset
  readonly vector: VersionVector
  /** The hybrid logical clock's high-water mark. */
  readonly clock: Timestamp
  /** Who writes here. */
  readonly replica: ReplicaId
  /** Records since the last that holds the whole vector. */
  readonly recordsSinceWhole: number
  /** Bytes of all records, as they were appended (packing saves a little of it). */
  readonly storedBytes: number
  /** What does not stand any more. */
  readonly voids: Voids
  /** What the wall clock lacks. */
  readonly clockOffsetMs: number
  /** Whose commits this log wrote: `replica`, and what it was before. */
  readonly own: ReadonlySet<ReplicaId>
}

/** A commit with its place in this log. */
export interface PlacedCommit extends CommitContent {
  readonly firstOffset: Offset
  readonly count: number
  readonly replica: ReplicaId
  readonly lastSequence: Sequence
  readonly timestamp: Timestamp
}

/** A receipt before it is known how durably the events are held. */
export type Placement = Omit<Receipt, 'held'>

/** A head that is being moved on. */
export interface MovingHead {
  readonly replica: ReplicaId
  /** Wall time of the plan, corrected. */
  readonly nowMs: number
  readonly voids: Voids
  readonly commits: readonly PlacedCommit[]
  readonly clock: Timestamp
  /** The offset of the last event placed or held; the next commit begins behind it. */
  readonly lastOffset: Offset
  lastSequence(replica: ReplicaId): Sequence
  /** Puts a commit behind all others: its first offset is the one behind `lastOffset`. */
  place(commit: PlacedCommit): void
  /** The last sequence of each replica that was placed here. */
  changed(): Iterable<VectorEntry>
}

/** Begins to plan behind `head`. */
export function moveHead(head: Head, nowMs: number): MovingHead {
  const commits: PlacedCommit[] = []
  const changed = new Map<ReplicaId, Sequence>()
  let { nextOffset, clock } = head
  return {
    replica: head.replica,
    nowMs: nowMs + head.clockOffsetMs,
    voids: head.voids,
    commits,
    get clock() {
      return clock
    },
    get lastOffset() {
      return (nextOffset - 1) as Offset
    },
    lastSequence: (replica) => changed.get(replica) ?? head.vector.get(replica),
    place: (commit) => {
      assert(commit.firstOffset === nextOffset, 'commits follow each other')
      commits.push(commit)
      nextOffset = (nextOffset + commit.count) as Offset
      clock = laterTimestamp(clock, commit.timestamp)
      changed.set(commit.replica, commit.lastSequence)
    },
    changed: () => changed,
  }
}

/** How an append differs from a plain one. */
export interface AppendAs {
  /** Under which it is written; default: who writes here. */
  readonly replica?: ReplicaId
  readonly extensions?: readonly Extension[]
}

const PLAIN: AppendAs = {}

/** Stamps packed drafts with the replica's next sequences and a fresh timestamp, and places them. */
export function placeAppend(
  moving: MovingHead,
  packed: PackedDrafts,
  { replica = moving.replica, extensions = NO_EXTENSIONS }: AppendAs = PLAIN,
): Placement {
  const { commitId, count, head, bodies } = packed
  const firstSequence = (moving.lastSequence(replica) + 1) as Sequence
  const timestamp = nextTimestamp(moving.clock, moving.nowMs)
  const header = { replica, commitId, firstSequence, timestamp, count, extensions }
  const lastSequence = (firstSequence + count - 1) as Sequence
  const firstOffset = (moving.lastOffset + 1) as Offset
  moving.place({ header, head, bodies, count, firstOffset, replica, lastSequence, timestamp })
  return { commitId, replica, firstSequence, count, timestamp, offset: moving.lastOffset }
}
