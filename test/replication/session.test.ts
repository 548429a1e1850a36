// The session as a pure machine: every state answers every input (R4), refusals have their names, buffers have their bounds.

import {
  encodeCommit,
  encodeReplaced,
  HeadwaterError,
  packDrafts,
  REPLACES,
  type ReplicaId,
  type Sequence,
} from '@headwater/log'
import {
  encodeMessage,
  type Input,
  MAX_FRAME_BYTES,
  type Message,
  type Output,
  type Position,
  parseMessage,
  type SentCommit,
  type SessionConfig,
  type State,
  step,
} from '@headwater/replication'
import { describe, expect, test } from 'vitest'
import { createWorld, Noted } from '../log/world.ts'
import { sampleCommit, someReplica } from './messages.ts'
import { configs, helloAs, inputs, other, ours, pathToLive, start, statesOf } from './states.ts'

const world = createWorld()
const asClient = configs[0]!
const asHub = configs[1]!

function run(
  state: State,
  steps: readonly Input[],
): { readonly state: State; readonly outputs: readonly Output[] } {
  const outputs: Output[] = []
  for (const input of steps) {
    const [next, more] = step(state, input)
    state = next
    outputs.push(...more)
  }
  return { state, outputs }
}

function endOf(outputs: readonly Output[]): { readonly code: string; readonly again: string } | undefined {
  const end = outputs.find((output) => output.type === 'end')
  return end && { code: end.end.error.code, again: end.end.again }
}

function said(outputs: readonly Output[]): readonly Message['type'][] {
  return outputs.filter((output) => output.type === 'send').map(({ message }) => message.type)
}

function live(config: SessionConfig = asClient): State {
  return run(start(config), pathToLive(config)).state
}

const hear = (message: Message): Input => ({ type: 'message', message, bytes: encodeMessage(message).length })

test('every state answers every input, and an end stays an end (R4)', () => {
  const phases = new Set<string>()
  for (const config of configs) {
    for (const state of statesOf(config)) {
      phases.add(state.phase)
      for (const input of inputs) {
        const [next, outputs] = step(state, input)
        expect(['waiting', 'greeting', 'admitting', 'comparing', 'live', 'ended']).toContain(next.phase)
        const ends = outputs.filter(({ type }) => type === 'end')
        if (state.phase === 'ended') expect([next, outputs]).toEqual([state, []])
        else expect(ends.length, `${state.phase} ${input.type}`).toBe(next.phase === 'ended' ? 1 : 0)
        if (ends.length > 0) expect(outputs.at(-1)?.type).toBe('end')
        for (const output of outputs) if (output.type === 'send') expectParsable(output.message)
      }
    }
  }
  expect([...phases].sort()).toEqual(['admitting', 'comparing', 'ended', 'greeting', 'live', 'waiting'])
})

function expectParsable(message: Message): void {
  expect(parseMessage(encodeMessage(message))).not.toBeInstanceOf(HeadwaterError)
}

test('a step changes nothing that it was given', () => {
  for (const state of statesOf(asClient)) {
    const before = structuredClone(state)
    for (const input of inputs) step(state, input)
    expect(structuredClone(state)).toEqual(before)
  }
})

describe('who may not come in is refused by name, before anything is said', () => {
  const refusedAs = (config: SessionConfig, hello: Partial<Extract<Message, { type: 'hello' }>>): unknown => {
    const peer = {
      ...helloAs(
        config.role === 'client' ? 'hub' : config.role === 'hub' ? 'client' : 'peer',
        'peer-stream-0001',
      ),
      ...hello,
    }
    const own = helloAs(config.role, 'our-stream-00001')
    const { outputs } = run(start(config), [hear(peer), { type: 'admitted', own }])
    expect(said(outputs).filter((type) => type !== 'bye')).toEqual([])
    return endOf(outputs)
  }

  test('by version (R5)', () => {
    expect(refusedAs(asHub, { versions: [2, 9] })).toEqual({ code: 'VERSION_UNSUPPORTED', again: 'never' })
    expect(refusedAs(asClient, { versions: [7, 9] })).toEqual({ code: 'VERSION_UNSUPPORTED', again: 'never' })
  })

  test('versions in common suffice (R5)', () => {
    const peer = { ...helloAs('client', 'peer-stream-0001'), versions: [1, 9] as const }
    const { outputs } = run(start(asHub), [hear(peer)])
    expect(outputs).toEqual([{ type: 'admit', hello: peer }])
  })

  test('by workspace', () => {
    expect(refusedAs(asHub, { workspace: 'other' })).toEqual({ code: 'WORKSPACE_MISMATCH', again: 'never' })
    expect(refusedAs(configs[2]!, { workspace: 'other' })).toMatchObject({ code: 'WORKSPACE_MISMATCH' })
  })

  test('by base, by role, by being this very log', () => {
    const base = new Map([[someReplica, { sequence: 1 as Sequence, hash: new Uint8Array(32) }]])
    expect(refusedAs(asHub, { base })).toEqual({ code: 'SNAPSHOT_REQUIRED', again: 'never' })
    expect(refusedAs(asHub, { role: 'hub' })).toMatchObject({ code: 'MESSAGE_UNEXPECTED' })
    expect(refusedAs(asHub, { stream: 'our-stream-00001' as never })).toMatchObject({ code: 'SAME_LOG' })
  })

  test('peers by clock, a client of a hub not', () => {
    const day = 86_400_000
    const now = helloAs('peer', 'x').timeMs
    expect(refusedAs(configs[3]!, { timeMs: now + day + 1 })).toEqual({
      code: 'CLOCKS_DISAGREE',
      again: 'never',
    })
    const peer = { ...helloAs('client', 'peer-stream-0001'), timeMs: now + 3 * day }
    const { state } = run(start(asHub), [
      hear(peer),
      { type: 'admitted', own: helloAs('hub', 'our-stream-00001') },
    ])
    expect(state.phase).toBe('comparing')
  })

  test('a reset before our hello was said, which it would answer', () => {
    for (const config of configs) {
      const { state } = run(start(config), pathToLive(config).slice(0, 1))
      const { outputs } = run(state, [hear({ type: 'reset' })])
      if (config.isInitiator) expect(outputs).toEqual([{ type: 'remember', token: undefined }])
      else expect(endOf(outputs)?.code).toBe('MESSAGE_UNEXPECTED')
    }
  })

  test('omitted ranges, by name', () => {
    const omitted: Message = {
      type: 'omitted',
      replica: someReplica,
      from: 1 as Sequence,
      to: 2 as Sequence,
      closing: new Uint8Array(32),
      reason: 'erased',
    }
    expect(endOf(step(live(), hear(omitted))[1])).toEqual({ code: 'OMITTED', again: 'never' })
  })
})

describe('every buffer is bounded (R6)', () => {
  test('bytes that were not granted end the session', () => {
    const commits: Message = {
      type: 'commits',
      through: 3 as Position,
      mark: new Uint8Array(0),
      commits: [sampleCommit(3, 0)],
    }
    let state = live(asHub)
    const outputs: Output[] = []
    for (let i = 0; i < 4 && state.phase === 'live'; i++) {
      const [next, more] = step(state, { type: 'message', message: commits, bytes: MAX_FRAME_BYTES })
      state = next
      outputs.push(...more)
    }
    expect(endOf(outputs)).toEqual({ code: 'WINDOW_EXCEEDED', again: 'later' })
  })

  test('frames that cost nothing are bounded in number', () => {
    const empty: Message = { type: 'commits', through: 3 as Position, mark: new Uint8Array(0), commits: [] }
    const { outputs } = run(
      live(asHub),
      Array.from({ length: 300 }, () => hear(empty)),
    )
    expect(endOf(outputs)).toMatchObject({ code: 'WINDOW_EXCEEDED' })
  })

  test('a sender waits for its window, and what it read waits with it', () => {
    const state = live()
    const frame = sampleCommit(9, 1_000_000)
    const batch = (n: number): Input => ({
      type: 'batch',
      batch: {
        commits: [{ ...frame, position: n as Position }],
        through: n as Position,
        mark: new Uint8Array(32),
        isEnd: false,
      },
    })
    const { state: full, outputs } = run(state, [batch(3), batch(4), batch(5), batch(6), batch(7)])
    expect(said(outputs).filter((type) => type === 'commits')).toHaveLength(4)
    expect(full).toMatchObject({ phase: 'live', sending: { isReading: false } })
    const ack: Message = { type: 'ack', through: 3 as Position, grantedBytes: 1_000_100 }
    const after = step(full, hear(ack))[1]
    expect(after.map(({ type }) => type)).toEqual(['acknowledged', 'send', 'read'])
  })

  test('vectors are bounded, whole and honest', () => {
    const config = configs[3]!
    const [hello, admitted] = pathToLive(config)
    const comparing = run(start(config), [hello!, admitted!]).state
    const entry = (n: number): readonly [ReplicaId, { sequence: Sequence; hash: Uint8Array }] => [
      String(n).padStart(16, '0') as ReplicaId,
      { sequence: 1 as Sequence, hash: new Uint8Array(32) },
    ]
    const ended = (...parts: readonly Message[]): unknown =>
      endOf(run(comparing, parts.map(hear)).outputs)?.code
    expect(ended({ type: 'vector', total: 10_001, entries: [] })).toBe('VECTOR_TOO_LARGE')
    expect(ended({ type: 'vector', total: 2, entries: [entry(1)] })).toBe('MESSAGE_UNEXPECTED')
    expect(ended({ type: 'vector', total: 2, entries: [entry(1), entry(1)] })).toBe('MESSAGE_UNEXPECTED')
    expect(ended({ type: 'vector', total: 1, entries: [entry(1), entry(2)] })).toBe('MESSAGE_UNEXPECTED')
    const full = Array.from({ length: 2_000 }, (_, i) => entry(i))
    expect(ended({ type: 'vector', total: 2_001, entries: full })).toBeUndefined()
    expect(
      ended(
        { type: 'vector', total: 2_001, entries: full },
        { type: 'vector', total: 2_001, entries: [entry(0)] },
      ),
    ).toBe('MESSAGE_UNEXPECTED')
  })

  test('probes wait in small number', () => {
    const probe = hear({ type: 'probe', replica: other, sequences: [1 as Sequence] })
    const { outputs } = run(live(asHub), [probe, probe, probe, probe, probe])
    expect(endOf(outputs)).toMatchObject({ code: 'RATE_LIMITED' })
  })

  test('presence above ten a tick is dropped, both ways', () => {
    const heardOf = hear({ type: 'presence', state: new Uint8Array(3) })
    const many = Array.from({ length: 25 }, () => heardOf)
    const { state, outputs } = run(live(asHub), many)
    expect(outputs.filter(({ type }) => type === 'presence')).toHaveLength(10)
    const later = run(state, [{ type: 'tick', elapsedMs: 1_000 }, heardOf])
    expect(later.outputs.filter(({ type }) => type === 'presence')).toHaveLength(1)
    const told = Array.from({ length: 25 }, (): Input => ({ type: 'present', state: new Uint8Array(3) }))
    expect(said(run(live(), told).outputs)).toHaveLength(10)
  })
})

describe('time', () => {
  const second: Input = { type: 'tick', elapsedMs: 1_000 }
  const seconds = (n: number): readonly Input[] => Array.from({ length: n }, () => second)

  test('a hello is due within five seconds', () => {
    expect(endOf(run(start(asHub), seconds(4)).outputs)).toBeUndefined()
    expect(endOf(run(start(asHub), seconds(5)).outputs)).toEqual({ code: 'PEER_SILENT', again: 'later' })
  })

  test('a silent peer is asked after 10 s and left after 30 s', () => {
    const state = live(asHub)
    expect(said(run(state, seconds(9)).outputs)).toEqual([])
    expect(said(run(state, seconds(29)).outputs)).toEqual(['ping', 'ping'])
    expect(endOf(run(state, seconds(30)).outputs)).toEqual({ code: 'PEER_SILENT', again: 'later' })
    const answered = [...seconds(29), hear({ type: 'pong', timeMs: 1 }), ...seconds(29)]
    expect(endOf(run(state, answered).outputs)).toBeUndefined()
  })

  test("a device's own sleep is not the peer's silence", () => {
    expect(endOf(run(live(asHub), [{ type: 'tick', elapsedMs: 3_600_000 }]).outputs)).toBeUndefined()
  })
})

describe('positions are a shortcut, the vector decides (R1)', () => {
  const batch = (through: number, isEnd: boolean): Input => ({
    type: 'batch',
    batch: { commits: [], through: through as Position, mark: new Uint8Array(32), isEnd },
  })
  const reads = (outputs: readonly Output[]): readonly number[] =>
    outputs.flatMap((output) => (output.type === 'read' ? [output.after] : []))

  test('when the first pass leaves out what the peer lacks, reading starts again at 0, once', () => {
    const config = configs[3]!
    const [hello, admitted] = pathToLive(config)
    const { state } = run(start(config), [
      hello!,
      admitted!,
      { type: 'loaded', vector: ours, from: 50 as Position, own: new Set() },
      hear({ type: 'vector', total: 0, entries: [] }),
    ])
    const first = run(state, [batch(60, true)])
    expect(reads(first.outputs)).toEqual([0])
    expect(reads(run(first.state, [batch(60, true)]).outputs)).toEqual([])
  })

  test('a tail of our own that the peer has is taken back before anything of ours is sent', () => {
    const config = configs[3]!
    const own = { ...helloAs('peer', 'our-stream-00001'), replica: someReplica }
    const [hello] = pathToLive(config)
    const { state, outputs } = run(start(config), [
      hello!,
      { type: 'admitted', own },
      { type: 'loaded', vector: ours, from: 0 as Position, own: new Set([someReplica]) },
      hear({
        type: 'vector',
        total: 1,
        entries: [[someReplica, { sequence: 7 as Sequence, hash: new Uint8Array(32) }]],
      }),
    ])
    const withheld = (all: readonly Output[]): readonly boolean[] =>
      all.flatMap((output) => (output.type === 'read' ? [output.withheld.has(someReplica)] : []))
    expect(withheld(outputs)).toEqual([true])
    const back = run(state, [
      batch(9, true),
      hear({
        type: 'commits',
        through: 3 as Position,
        mark: new Uint8Array(0),
        commits: [sampleCommit(3, 0)],
      }),
      { type: 'stored', outcomes: [{ type: 'stored' }] },
    ])
    expect(withheld(back.outputs)).toEqual([false])
    expect(reads(back.outputs)).toEqual([0])
  })
})

test('what another peer brought meanwhile is not waited for (R7)', () => {
  const config = configs[3]!
  const [hello] = pathToLive(config)
  const newer = { ...sampleCommit(5, 0), firstSequence: 8 as Sequence, lastSequence: 8 as Sequence }
  const { outputs } = run(start(config), [
    hello!,
    { type: 'admitted', own: { ...helloAs('peer', 'our-stream-00001'), replica: other } },
    { type: 'loaded', vector: ours, from: 0 as Position, own: new Set([other]) },
    hear({
      type: 'vector',
      total: 1,
      entries: [[someReplica, { sequence: 7 as Sequence, hash: new Uint8Array(32) }]],
    }),
    // The log has come further than the peer, which hears it from us and has nothing to send any more.
    {
      type: 'batch',
      batch: { commits: [newer], through: 5 as Position, mark: new Uint8Array(32), isEnd: true },
    },
    hear({ type: 'ack', through: 5 as Position, grantedBytes: 0 }),
  ])
  expect(outputs.map(({ type }) => type)).toContain('caught-up')
})

test('what its author has written anew meanwhile is not waited for (R7)', () => {
  const sequence = 7 as Sequence
  const vector = hear({
    type: 'vector',
    total: 1,
    entries: [[someReplica, { sequence, hash: new Uint8Array(32) }]],
  })
  const [hello, admitted] = pathToLive(asClient)
  const commits: Message = { type: 'commits', through: 9 as Position, mark: hashOf(9), commits: [reissued()] }
  const nothing: Input = {
    type: 'batch',
    batch: { commits: [], through: 0 as Position, mark: hashOf(0), isEnd: true },
  }
  const { outputs } = run(start(asClient), [
    hello!,
    admitted!,
    { type: 'loaded', vector: new Map(), from: 0 as Position, own: new Set() },
    vector,
    nothing,
    hear(commits),
    { type: 'stored', outcomes: [{ type: 'stored' }] },
    nothing,
  ])
  expect(outputs.map(({ type }) => type)).toContain('caught-up')
})

/** What takes the place of the commit that ends at sequence 7 of `someReplica`. */
function reissued(): SentCommit {
  const replaced = { replica: someReplica, sequence: 7 as Sequence, hash: hashOf(7) }
  const packed = packDrafts([Noted({ id: 'a', text: 'anew' })], world.events, world.random)
  const header = { replica: other, commitId: packed.commitId, timestamp: 1_000_000 as never }
  const extensions = [{ id: REPLACES, critical: true, value: encodeReplaced(replaced) }]
  const bytes = encodeCommit({ ...header, firstSequence: 1 as Sequence, extensions }, packed)
  const sequences = { firstSequence: 1 as Sequence, lastSequence: 1 as Sequence }
  return { ...sampleCommit(9, 0), ...sequences, bytes, replica: other }
}

function hashOf(n: number): Uint8Array {
  return new Uint8Array(32).fill(n)
}

test('acknowledged only after it was stored (R8), and the resume position stands still at a refusal', () => {
  const commits: Message = {
    type: 'commits',
    through: 3 as Position,
    mark: new Uint8Array(32),
    commits: [sampleCommit(3, 0)],
  }
  const [state, outputs] = step(live(asHub), hear(commits))
  expect(outputs.map(({ type }) => type)).toEqual(['store'])
  const stored = step(state, { type: 'stored', outcomes: [{ type: 'stored' }] })[1]
  expect(said(stored)).toEqual(['ack'])
  expect(stored.some(({ type }) => type === 'remember')).toBe(true)
  const refused = step(state, {
    type: 'stored',
    outcomes: [{ type: 'refused', code: 'FORBIDDEN', facts: {} }],
  })[1]
  expect(said(refused)).toEqual(['refused-commit', 'ack'])
  expect(refused.some(({ type }) => type === 'remember')).toBe(false)
})

test('a gap that no refusal explains ends the session and forgets the resume position, so that both compare anew (R1, R7)', () => {
  const commits: Message = {
    type: 'commits',
    through: 3 as Position,
    mark: new Uint8Array(32),
    commits: [sampleCommit(3, 0)],
  }
  const gap: Input = { type: 'stored', outcomes: [{ type: 'refused', code: 'SEQUENCE_GAP', facts: {} }] }
  const { outputs } = run(live(asHub), [hear(commits), gap])
  expect(endOf(outputs)).toEqual({ code: 'SEQUENCE_GAP', again: 'later' })
  expect(outputs.filter(({ type }) => type === 'remember')).toEqual([{ type: 'remember', token: undefined }])
})
