/**
 * Merging as pure functions: foreign commits are parsed or refused whole, then planned against the head of the log. Held
 * ones are duplicates once their bytes have been compared with the stored ones; new ones must follow without a gap (L3),
 * and none may carry a stamp too far ahead of the wall clock.
 */
import { readU16, readU32 } from './bytes.ts'
import { isTooFarAhead, NO_TIME } from './clock.ts'
import { type CommitHead, parseCommit } from './commit.ts'
import { HeadwaterError } from './error.ts'
import { BODY_END_BYTES, COMMA, ENCODING, INDEX_ENTRY_BYTES } from './events-section.ts'
import type { MovingHead } from './head.ts'
import type { Offset, ReplicaId, Sequence, Timestamp } from './identity.ts'
import { checkJson } from './json.ts'

/** What a merge did, or, nothing placed, what must be looked up in the log before it can be planned. */
export interface MergePlan {
  readonly merged: number
  readonly duplicates: number
  /** Held commits whose bytes the caller has not compared yet. */
  readonly uncompared: readonly CommitHead[]
  /** New commits that the caller knows no stamp of the commit before for. */
  readonly unfollowed: readonly CommitHead[]
}

/** What a caller has looked up. */
export interface MergeFacts {
  /** Held commits whose bytes are known to equal the stored ones. */
  readonly compared: ReadonlySet<CommitHead>
  /** A stored commit of each replica: its last sequence and its stamp, 0 where it cannot be read any more. */
  readonly stamps: ReadonlyMap<ReplicaId, LastStamp>
}

/** When a replica wrote the commit that ends with `sequence`. */
export interface LastStamp {
  readonly sequence: Sequence
  readonly timestamp: Timestamp
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Parses foreign commits, bodies included. Errors: `COMMIT_DAMAGED`, `FORMAT_NEWER`. */
export function parseForeign(commits: readonly Uint8Array[]): readonly CommitHead[] {
  return commits.map((bytes) => {
    const head = parseCommit(bytes)
    if (head instanceof HeadwaterError) throw head
    if (head.keyId === 0) refuseBodies(head)
    return head
  })
}

/**
 * Places the new ones of these commits behind the head, all or none. Refusals: `SEQUENCE_GAP`, `FORK`, `STAMP_AHEAD`, `COMMIT_DAMAGED`.
 */
export function placeMerge(
  moving: MovingHead,
  commits: readonly CommitHead[],
  { compared, stamps }: MergeFacts,
): MergePlan | HeadwaterError {
  const sorted = sortOut(moving, commits, stamps)
  if (sorted instanceof HeadwaterError) return sorted
  const uncompared = sorted.held.filter((commit) => !compared.has(commit))
  const duplicates = sorted.held.reduce((sum, { count }) => sum + count, 0) + sorted.repeated
  const { fresh, unfollowed } = sorted
  if (uncompared.length + unfollowed.length > 0) return { merged: 0, duplicates, uncompared, unfollowed }
  for (const head of fresh) place(moving, head)
  return { merged: fresh.reduce((sum, { count }) => sum + count, 0), duplicates, uncompared, unfollowed }
}

interface Sorted {
  readonly fresh: readonly CommitHead[]
  readonly held: readonly CommitHead[]
  readonly unfollowed: readonly CommitHead[]
  /** Events of commits that this very call brought before. */
  readonly repeated: number
}

function sortOut(
  moving: MovingHead,
  commits: readonly CommitHead[],
  stamps: MergeFacts['stamps'],
): Sorted | HeadwaterError {
  const fresh: CommitHead[] = []
  const held: CommitHead[] = []
  const unfollowed: CommitHead[] = []
  const newest = new Map<ReplicaId, CommitHead>()
  let repeated = 0
  for (const head of commits) {
    const last = newest.get(head.replica)
    if (lastSequenceOf(head) <= moving.lastSequence(head.replica)) held.push(head)
    else if (fresh.some((other) => isSame(other, head))) repeated += head.count
    else {
      const before = last ? last.timestamp : stampBefore(moving, head, stamps)
      const refusal = refusalOf(moving, head, last, before)
      if (refusal) return refusal
      if (before === undefined) unfollowed.push(head)
      fresh.push(head)
      newest.set(head.replica, head)
    }
  }
  return { fresh, held, unfollowed, repeated }
}

/** A bound on the stamp of the commit before: it rises if this one's lies above. Undefined when it must be looked up. */
function stampBefore(
  moving: MovingHead,
  { replica, timestamp }: CommitHead,
  stamps: MergeFacts['stamps'],
): Timestamp | undefined {
  const held = moving.lastSequence(replica)
  if (held === 0) return NO_TIME
  if (timestamp > moving.clock) return moving.clock // no stored stamp is later
  const known = stamps.get(replica)
  return known?.sequence === held ? known.timestamp : undefined
}

function refusalOf(
  moving: MovingHead,
  head: CommitHead,
  last: CommitHead | undefined,
  before: Timestamp | undefined,
): HeadwaterError | undefined {
  const expected = (last ? lastSequenceOf(last) : moving.lastSequence(head.replica)) + 1
  if (head.firstSequence > expected) return gap(head, expected)
  if (head.firstSequence < expected) return fork(head)
  if (isTooFarAhead(head.timestamp, moving.nowMs)) return ahead(head, moving.nowMs)
  return before !== undefined && before >= head.timestamp
    ? damaged('its timestamp does not follow its replica’s last')
    : undefined
}

/** The last sequence in a commit. */
export function lastSequenceOf(head: CommitHead): Sequence {
  return (head.firstSequence + head.count - 1) as Sequence
}

/** The refusal of a commit whose sequences are held with other content. */
export function fork(head: CommitHead): HeadwaterError {
  const { replica, firstSequence } = head
  return new HeadwaterError(
    'FORK',
    `Replica ${replica} has written sequence ${firstSequence} twice, differently.`,
    {
      hint: 'Its profile was copied or restored from a backup; nothing of this merge was stored.',
      facts: { replica, firstSequence, count: head.count },
    },
  )
}

function place(moving: MovingHead, head: CommitHead): void {
  const { replica, timestamp, count, bytes, bodiesAt } = head
  const parts = { head: bytes.subarray(0, bodiesAt), bodies: bytes.subarray(bodiesAt) }
  const firstOffset = (moving.lastOffset + 1) as Offset
  moving.place({ ...parts, firstOffset, replica, timestamp, count, lastSequence: lastSequenceOf(head) })
}

function isSame(a: CommitHead, b: CommitHead): boolean {
  return (
    a === b || (a.replica === b.replica && a.firstSequence === b.firstSequence && sameRun(a.bytes, b.bytes))
  )
}

function sameRun(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function refuseBodies({ bytes, types, indexAt, bodiesAt }: CommitHead): void {
  let at = bodiesAt
  for (let entry = indexAt; entry < bodiesAt; entry += INDEX_ENTRY_BYTES) {
    const end = at + readU32(bytes, entry + 2)
    if (types[readU16(bytes, entry)]!.encoding === ENCODING.json) refuseBody(bytes.subarray(at, end))
    if (bytes[end] !== COMMA) throw damaged('a body does not end where it should')
    at = end + BODY_END_BYTES
  }
}

function refuseBody(body: Uint8Array): void {
  let data: unknown
  try {
    data = JSON.parse(decoder.decode(body))
  } catch (cause) {
    throw damaged('a body is no JSON', cause)
  }
  const fault = checkJson(data)
  if (fault) throw damaged(`a body holds ${fault.found}`)
}

function damaged(why: string, cause?: unknown): HeadwaterError {
  return new HeadwaterError('COMMIT_DAMAGED', `A foreign commit is refused: ${why}.`, {
    hint: 'Its bytes were changed on their way, or its author is faulty; nothing of this merge was stored.',
    cause,
  })
}

function gap({ replica, firstSequence }: CommitHead, expected: number): HeadwaterError {
  return new HeadwaterError(
    'SEQUENCE_GAP',
    `Replica ${replica} is held up to ${expected - 1}; ${firstSequence} came.`,
    {
      hint: `Send its commits from sequence ${expected} on; nothing of this merge was stored.`,
      facts: { replica, expected, firstSequence },
    },
  )
}

function ahead({ replica, timestamp }: CommitHead, nowMs: number): HeadwaterError {
  return new HeadwaterError(
    'STAMP_AHEAD',
    `A commit of replica ${replica} is stamped over a day ahead of this clock.`,
    {
      hint: 'One of the two clocks is wrong; correct it and merge again.',
      facts: { replica, timestamp, nowMs },
    },
  )
}
