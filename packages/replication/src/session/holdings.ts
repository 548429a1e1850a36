/**
 * What a peer is known to hold, as commits pass: each raises its replica, and one that replaces another lowers that one's, since
 * whoever takes it voids the original and what its replica wrote behind it. Counting too little only sends what is held
 * already; counting too much would leave something out (R1).
 */
import {
  bytesToId,
  HeadwaterError,
  parseCommit,
  REPLACES,
  type ReplicaId,
  type Sequence,
} from '@headwater/log'
import type { SentCommit } from '../messages.ts'

/** The last sequence that a peer holds of each replica. */
export type Holdings = ReadonlyMap<ReplicaId, Sequence>

/** Holdings after these commits came or went; `isLowered` when something may have to be sent that was passed over. */
export interface Passed {
  readonly theirs: Holdings
  readonly isLowered: boolean
}

/** The same map where nothing changes. */
export function passCommits(theirs: Holdings, commits: readonly SentCommit[]): Passed {
  if (commits.length === 0) return { theirs, isLowered: false }
  const next = new Map(theirs)
  let isLowered = false
  for (const commit of commits) {
    for (const { replica, sequence } of replacedBy(commit)) {
      const before = commit.firstSequence - 1 - commit.lastSequence + sequence
      if ((next.get(replica) ?? 0) < sequence) continue
      next.set(replica, Math.max(0, before) as Sequence)
      isLowered = true
    }
    const { replica, lastSequence } = commit
    if (lastSequence > (next.get(replica) ?? 0)) next.set(replica, lastSequence)
  }
  return { theirs: next, isLowered }
}

/**
 * What is still expected of the peer once we hold these commits, or refuse them. What another peer brought counts, too: the
 * sender of what is newer says by it that it holds what came before, and is not sent that any more.
 */
export function withoutHeld(
  expected: Holdings,
  commits: readonly SentCommit[],
  refusing: ReadonlySet<ReplicaId> = NONE,
): Holdings {
  if (expected.size === 0) return expected
  const rest = new Map(expected)
  for (const commit of commits) {
    const { replica, lastSequence } = commit
    if (lastSequence >= (rest.get(replica) ?? 0) || refusing.has(replica)) rest.delete(replica)
    // What it voids at its sender does not come any more; what stands before that came earlier.
    for (const { replica: of, sequence } of replacedBy(commit))
      if (sequence <= (rest.get(of) ?? 0)) rest.delete(of)
  }
  return rest
}

const NONE: ReadonlySet<ReplicaId> = new Set()
const HEADER_BYTES = 50
const ID_BYTES = 12

/** The commits that a commit replaces, by their replica and last sequence; it has as many events as each of them. */
function replacedBy({
  bytes,
}: SentCommit): readonly { readonly replica: ReplicaId; readonly sequence: Sequence }[] {
  // Most headers have no extension at all, and are not looked at further.
  if ((bytes[2] ?? 0) + (bytes[3] ?? 0) * 256 <= HEADER_BYTES) return []
  const head = parseCommit(bytes)
  if (head instanceof HeadwaterError) return []
  return head.extensions
    .filter(({ id, value }) => id === REPLACES && value.length >= ID_BYTES + 8)
    .map(({ value }) => ({
      replica: bytesToId(value) as ReplicaId, // any 12 bytes spell an id
      sequence: Number(new DataView(value.buffer, value.byteOffset).getBigUint64(ID_BYTES, true)) as Sequence,
    }))
}
