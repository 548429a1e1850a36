// One message of each type, with every field filled, for the tests of wire and session.

import type { ReplicaId, Sequence } from '@headwater/log'
import { encodeCommit, packDrafts } from '@headwater/log'
import type { Message, Position, SentCommit, StreamId } from '@headwater/replication'
import { createWorld, Noted } from '../log/world.ts'

export const someReplica = '0123456789ABCDEF' as ReplicaId
const stream = 'abcdefghijklmnop' as StreamId
const hash = Uint8Array.from({ length: 32 }, (_, i) => i * 7)
const world = createWorld()

/** A commit with a proper header and one event, filled up to about `bytes` bytes behind it when asked for more. */
export function sampleCommit(position: number, bytes: number): SentCommit {
  const packed = packDrafts([Noted({ id: 'a', text: 'hello' })], world.events, world.random)
  const commit = encodeCommit(
    {
      replica: someReplica,
      commitId: packed.commitId,
      firstSequence: 7 as Sequence,
      timestamp: 1_000_000 as never,
    },
    packed,
  )
  const filled = new Uint8Array(Math.max(bytes, commit.length))
  filled.set(commit)
  return {
    position: position as Position,
    previous: hash,
    envelope: new Uint8Array([1, 2, 3]),
    bytes: filled,
    replica: someReplica,
    firstSequence: 7 as Sequence,
    lastSequence: 7 as Sequence,
  }
}

export const messages: readonly Message[] = [
  {
    type: 'hello',
    versions: [1, 3],
    features: ['presence', 'naïve'],
    limits: { frameBytes: 1_572_864, windowBytes: 4_194_304 },
    role: 'client',
    stream,
    replica: someReplica,
    workspace: 'acme/tracker',
    token: 'a.b.c',
    timeMs: 1_750_000_000_000,
    resume: { stream, position: 42 as Position, mark: hash },
    base: new Map(),
  },
  {
    type: 'hello',
    versions: [1, 1],
    features: [],
    limits: { frameBytes: 1_572_864, windowBytes: 4_194_304 },
    role: 'hub',
    stream,
    replica: someReplica,
    workspace: '',
    token: '',
    timeMs: 0,
    resume: undefined,
    base: new Map([[someReplica, { sequence: 3 as Sequence, hash }]]),
  },
  { type: 'vector', total: 2, entries: [[someReplica, { sequence: 9 as Sequence, hash }]] },
  {
    type: 'commits',
    through: 12 as Position,
    mark: hash.slice(0, 20),
    commits: [sampleCommit(3, 0), sampleCommit(12, 0)],
  },
  { type: 'ack', through: 12 as Position, grantedBytes: 1_000 },
  {
    type: 'refused-commit',
    replica: someReplica,
    firstSequence: 3 as Sequence,
    lastSequence: 5 as Sequence,
    code: 'STAMP_AHEAD',
    facts: { nowMs: 1_750_000_000_000, text: 'é', yes: true, none: null },
  },
  { type: 'probe', replica: someReplica, sequences: [1, 5, 9] as readonly number[] as readonly Sequence[] },
  {
    type: 'hashes',
    replica: someReplica,
    hashes: [
      [1 as Sequence, hash],
      [5 as Sequence, undefined],
    ],
  },
  { type: 'reset' },
  {
    type: 'omitted',
    replica: someReplica,
    from: 2 as Sequence,
    to: 8 as Sequence,
    closing: hash,
    reason: 'erased',
  },
  { type: 'presence', state: new Uint8Array([9, 8, 7]) },
  { type: 'ping' },
  { type: 'pong', timeMs: 1_750_000_000_001 },
  { type: 'bye', code: 'SHUTTING_DOWN', sentence: 'The hub is being stopped.' },
]
