// States of a session in every phase, reached by the steps that lead there, and one input of each kind: what the tests of
// law R4 and the fuzzer drive the machine with.

import { HeadwaterError, type ReplicaId, type Sequence } from '@headwater/log'
import {
  type Input,
  type Message,
  type Position,
  type SessionConfig,
  type State,
  startAcceptor,
  startInitiator,
  step,
  type Vector,
} from '@headwater/replication'
import { messages, sampleCommit, someReplica } from './messages.ts'

type Hello = Extract<Message, { type: 'hello' }>

const base = messages[0] as Hello
const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
export const other = 'ABCDEFGHIJKLMNOP' as ReplicaId
export const ours: Vector = new Map([
  [someReplica, { sequence: 6 as Sequence, hash: hash(1) }],
  [other, { sequence: 3 as Sequence, hash: hash(2) }],
])
const theirs: Vector = new Map([
  [someReplica, { sequence: 6 as Sequence, hash: hash(1) }],
  [other, { sequence: 3 as Sequence, hash: hash(3) }],
])

export function helloAs(role: Hello['role'], stream: string, workspace = 'acme'): Hello {
  const resume = { stream: 'some-stream-0001' as never, position: 4 as Position, mark: hash(4) }
  return { ...base, role, stream: stream as never, workspace, versions: [1, 1], resume }
}

const facing = { client: 'hub', hub: 'client', peer: 'peer' } as const

/** Inputs that take a session of this role from its beginning to live. */
export function pathToLive(config: SessionConfig): readonly Input[] {
  const own = helloAs(config.role, 'our-stream-00001')
  const peer = helloAs(facing[config.role], 'peer-stream-0001')
  return [
    { type: 'message', message: peer, bytes: 200 },
    { type: 'admitted', own },
    { type: 'loaded', vector: ours, from: 2 as Position, own: new Set([own.replica]) },
    { type: 'message', message: { type: 'vector', total: 2, entries: [...theirs] }, bytes: 300 },
  ]
}

export const configs: readonly SessionConfig[] = [
  { role: 'client', isInitiator: true, presencePerTick: 10 },
  { role: 'hub', isInitiator: false, presencePerTick: 10 },
  { role: 'peer', isInitiator: true, presencePerTick: 10 },
  { role: 'peer', isInitiator: false, presencePerTick: 10 },
]

export function start(config: SessionConfig): State {
  return config.isInitiator
    ? startInitiator(config, helloAs(config.role, 'our-stream-00001'))[0]
    : startAcceptor(config)[0]
}

/** All states on the way to live, and some of life: reading, with frames under way, searching a fork, resolving one. */
export function statesOf(config: SessionConfig): readonly State[] {
  const states: State[] = [start(config)]
  const then = (input: Input): void => {
    states.push(step(states.at(-1)!, input)[0])
  }
  for (const input of pathToLive(config)) then(input)
  const live: readonly Input[] = [
    {
      type: 'batch',
      batch: { commits: [sampleCommit(5, 0)], through: 9 as Position, mark: hash(5), isEnd: true },
    },
    { type: 'message', message: messages.find(({ type }) => type === 'commits')!, bytes: 900 },
    {
      type: 'message',
      message: { type: 'probe', replica: someReplica, sequences: [1 as Sequence] },
      bytes: 20,
    },
    { type: 'looked-up', purpose: 'search', replica: other, hashes: [[1 as Sequence, hash(9)]] },
    {
      type: 'message',
      message: { type: 'hashes', replica: other, hashes: [[1 as Sequence, hash(9)]] },
      bytes: 60,
    },
    { type: 'message', message: refusal('STAMP_AHEAD', { nowMs: 5 }), bytes: 90 },
    { type: 'tick', elapsedMs: 12_000 },
    { type: 'close', end: { error: someError, again: 'later' } },
  ]
  for (const input of live) then(input)
  return states
}

const someError = new HeadwaterError('STORAGE_LOST', 'The store is gone.', { hint: 'Try again.' })

function refusal(code: 'FORK' | 'STAMP_AHEAD', facts: Record<string, number>): Message {
  const sequences = { firstSequence: 7 as Sequence, lastSequence: 7 as Sequence }
  return { type: 'refused-commit', replica: someReplica, ...sequences, code, facts }
}

/** One input of every kind, every message among them. */
export const inputs: readonly Input[] = [
  ...messages.map((message): Input => ({ type: 'message', message, bytes: 400 })),
  { type: 'message', message: helloAs('peer', 'peer-stream-0001'), bytes: 400 },
  { type: 'message', message: { type: 'vector', total: 0, entries: [] }, bytes: 10 },
  { type: 'message', message: { type: 'ack', through: 9 as Position, grantedBytes: 1 }, bytes: 10 },
  { type: 'message', message: refusal('FORK', {}), bytes: 90 },
  { type: 'message', message: refusal('STAMP_AHEAD', { nowMs: 5 }), bytes: 90 },
  { type: 'misread', error: someError },
  { type: 'gone' },
  { type: 'admitted', own: helloAs('client', 'our-stream-00001') },
  { type: 'loaded', vector: ours, from: undefined, own: new Set() },
  { type: 'batch', batch: { commits: [], through: 9 as Position, mark: hash(5), isEnd: false } },
  {
    type: 'batch',
    batch: { commits: [sampleCommit(8, 0)], through: 9 as Position, mark: hash(5), isEnd: true },
  },
  { type: 'stored', outcomes: [] },
  { type: 'stored', outcomes: [{ type: 'stored' }, { type: 'held' }] },
  { type: 'stored', outcomes: [{ type: 'stored' }, { type: 'refused', code: 'FORK', facts: {} }] },
  { type: 'stored', outcomes: [{ type: 'refused', code: 'SEQUENCE_GAP', facts: {} }, { type: 'held' }] },
  { type: 'looked-up', purpose: 'answer', replica: someReplica, hashes: [] },
  { type: 'looked-up', purpose: 'search', replica: other, hashes: [[2 as Sequence, hash(3)]] },
  { type: 'looked-up', purpose: 'search', replica: other, hashes: [] },
  { type: 'resolved' },
  { type: 'changed' },
  { type: 'revised' },
  { type: 'failed', error: someError },
  { type: 'close', end: { error: someError, again: 'never' } },
  { type: 'tick', elapsedMs: 1_000 },
  { type: 'tick', elapsedMs: 100_000 },
  { type: 'present', state: new Uint8Array(10) },
]
