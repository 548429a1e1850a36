// Replicas as the hub's tests need them: each writes a chain of commits, one event a commit unless told otherwise.

import type { OfferedCommit } from '@headwater/hub'
import {
  CHAIN_START,
  chainHash,
  type Extension,
  encodeCommit,
  packDrafts,
  parseCommit,
  type ReplicaId,
  type Sequence,
  type Timestamp,
} from '@headwater/log'
import { createWorld, Noted, START_MS } from '../log/world.ts'

/** A written commit, with where its replica's chain stands after it. */
export interface Written extends OfferedCommit {
  readonly replica: ReplicaId
  readonly lastSequence: Sequence
  readonly hash: Uint8Array
}

export interface AuthorState {
  readonly sequence: number
  readonly hash: Uint8Array
}

export interface Author {
  readonly replica: ReplicaId
  /** Writes the next commit. */
  write(options?: WriteOptions): Written
  /** Writes `count` commits. */
  writeMany(count: number): readonly Written[]
  /** Where it stands; another author made from it goes on from there, as a cloned profile does. */
  readonly state: AuthorState
}

export interface WriteOptions {
  readonly events?: number
  readonly text?: string
  /** Wall milliseconds of its stamp; rises by itself. */
  readonly atMs?: number
  readonly derived?: boolean
  readonly extensions?: readonly Extension[]
}

/** A replica id that can be read in a failure: `name` filled up with dashes. */
export function replicaCalled(name: string): ReplicaId {
  return name.padEnd(16, '-') as ReplicaId
}

/** An author; `seed` decides its commit ids. */
export function createAuthor(name: string, seed = 1, from?: AuthorState): Author {
  const replica = replicaCalled(name)
  const { events: registry, random } = createWorld(seed)
  let state = from ?? { sequence: 0, hash: CHAIN_START }
  const write = (options: WriteOptions = {}): Written => {
    const {
      events = 1,
      text = 'x',
      atMs = START_MS + state.sequence,
      derived = false,
      extensions = [],
    } = options
    const drafts = Array.from({ length: events }, (_, i) =>
      Noted({ id: `${name}-${state.sequence + i}`, text }),
    )
    const packed = packDrafts(drafts, registry, random)
    const place = { replica, commitId: packed.commitId, firstSequence: (state.sequence + 1) as Sequence }
    const timestamp = (atMs * 1_024) as Timestamp
    const bytes = encodeCommit({ ...place, timestamp, derived, extensions }, packed)
    const previous = state.hash
    state = { sequence: state.sequence + events, hash: chainHash(previous, bytes) }
    return { bytes, previous, replica, lastSequence: state.sequence as Sequence, hash: state.hash }
  }
  return {
    replica,
    write,
    writeMany: (count) => Array.from({ length: count }, () => write()),
    get state() {
      return state
    },
  }
}

/** What the bytes say of their place: for failures that can be read. */
export function nameOf(bytes: Uint8Array): string {
  const head = parseCommit(bytes)
  return head instanceof Error ? head.code : `${head.replica}:${head.firstSequence}`
}
