/**
 * Commits that are a function of a file alone: two devices that import the same file make the same commits, so that the
 * version vector alone recognises a second import, also after the two have met.
 *
 * The replica id is the beginning of the file's SHA-256 digest; each line takes one sequence (a skipped line is stored as
 * a `skipped` event); a commit ends where the stamp changes, after 500 lines, or before 256 KiB; its stamp is the line's
 * time, else the line's before, raised where needed to increase; its id is the digest's bytes with the sequence mixed in.
 */
import {
  bytesToId,
  type CommitId,
  createEventRegistry,
  type Draft,
  defineEvent,
  type EventRegistry,
  encodeCommit,
  MARK_TYPE,
  msToTimestamp,
  packDrafts,
  type Random,
  type ReplicaId,
  type Sequence,
  type Timestamp,
} from '@headwater/log'
import type { ForeignEvent } from './foreign-line.ts'

const MAX_LINES = 500
const MAX_BYTES = 262_144
const SKIPPED_BYTES = 64

/** Stands for a line that was skipped, so that the lines behind it keep their sequences. */
const Skipped = defineEvent(MARK_TYPE, {
  schema: {
    '~standard': {
      version: 1,
      vendor: 'headwater',
      validate: (value: unknown) => ({ value: value as null }),
    },
  },
})

/** Cuts lines into commits. */
export interface DerivedCommits {
  readonly replica: ReplicaId
  /** Takes the next line (`undefined` for a skipped one); gives the commit that it closed, if it closed one. */
  readonly add: (
    event: Pick<ForeignEvent, 'draft' | 'timeMs' | 'byteLength'> | undefined,
  ) => DerivedCommit | undefined
  /** The commit still open, if there is one. */
  readonly end: () => DerivedCommit | undefined
}

/** A commit made of lines. */
export interface DerivedCommit {
  readonly bytes: Uint8Array
  readonly lastSequence: Sequence
  readonly count: number
  /** Events of it that are lines, not the marks of skipped ones. */
  readonly taken: number
}

/** Commits of the file with this digest. */
export function createDerivedCommits(
  digest: Uint8Array,
  events: EventRegistry,
  random: Random,
): DerivedCommits {
  const replica = bytesToId(digest, 0) as ReplicaId
  const registry = createEventRegistry([...events.events, Skipped])
  let open: Draft[] = []
  let openBytes = 0
  let openMs = 0
  let sequence = 0
  let stamp = 0

  const close = (): DerivedCommit | undefined => {
    if (open.length === 0) return undefined
    const firstSequence = sequence - open.length + 1
    stamp = Math.max(msToTimestamp(openMs), stamp + 1)
    const commitId = commitIdOf(digest, firstSequence)
    const header = {
      replica,
      commitId,
      firstSequence: firstSequence as Sequence,
      timestamp: stamp as Timestamp,
      derived: true,
    }
    const bytes = encodeCommit(header, packDrafts(open, registry, random, commitId))
    const commit = { bytes, lastSequence: sequence as Sequence, count: open.length, taken: countTaken(open) }
    open = []
    openBytes = 0
    return commit
  }
  return {
    replica,
    add: (event) => {
      const ms = event?.timeMs ?? openMs
      const byteLength = event?.byteLength ?? SKIPPED_BYTES
      const full = open.length >= MAX_LINES || openBytes + byteLength > MAX_BYTES
      const closed = full || ms !== openMs ? close() : undefined
      openMs = ms
      open.push(event?.draft ?? Skipped(null))
      openBytes += byteLength
      sequence++
      return closed
    },
    end: close,
  }
}

function countTaken(drafts: readonly Draft[]): number {
  return drafts.filter(({ type }) => type !== MARK_TYPE).length
}

/** 96 bits of the digest that the replica id does not use, with the commit's first sequence mixed in. */
function commitIdOf(digest: Uint8Array, firstSequence: number): CommitId {
  const bytes = digest.slice(12, 24)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, view.getUint32(0) ^ firstSequence)
  return bytesToId(bytes) as CommitId
}
