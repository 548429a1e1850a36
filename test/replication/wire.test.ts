// The wire: every message comes back as it was sent, and whatever else is handed to the parser is refused by name.

import { HeadwaterError, MAX_COMMIT_BYTES, type ReplicaId, type Sequence } from '@headwater/log'
import {
  encodeMessage,
  MAX_FRAME_BYTES,
  type Message,
  type Position,
  parseMessage,
  type StreamId,
} from '@headwater/replication'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messages, sampleCommit } from './messages.ts'

const replica = '0123456789ABCDEF' as ReplicaId

function parsed(message: Message): Message {
  const back = parseMessage(encodeMessage(message))
  if (back instanceof HeadwaterError) throw back
  return back
}

function refusal(frame: Uint8Array): string {
  const back = parseMessage(frame)
  return back instanceof HeadwaterError ? back.code : `taken as ${back.type}`
}

describe('a message comes back as it was sent', () => {
  test.each(messages.map((message) => [message.type, message] as const))('%s', (_type, message) => {
    expect(parsed(message)).toEqual(message)
  })

  test('also as a part of a larger buffer', () => {
    const frame = encodeMessage(messages[0]!)
    const larger = new Uint8Array(frame.length + 7)
    larger.set(frame, 5)
    expect(parseMessage(larger.subarray(5, 5 + frame.length))).toEqual(messages[0])
  })

  test('a commit of the largest size fits a frame', () => {
    const commit = sampleCommit(1, MAX_COMMIT_BYTES)
    const frame = encodeMessage({
      type: 'commits',
      through: 1 as Position,
      mark: new Uint8Array(64),
      commits: [commit],
    })
    expect(frame.length).toBeLessThan(MAX_FRAME_BYTES)
    expect(parseMessage(frame)).toMatchObject({ type: 'commits' })
  })
})

describe('what breaks the grammar is refused by name', () => {
  test('a frame cut anywhere', () => {
    for (const message of messages) {
      const frame = encodeMessage(message)
      const cuts = frame.length > 600 ? [0, 1, 2, 3, 50, frame.length - 1] : frame.keys()
      for (const at of cuts)
        expect(refusal(frame.subarray(0, at)), `${message.type} cut at ${at}`).toMatch(/INVALID/)
    }
  })

  test('a byte too many', () => {
    for (const message of messages) {
      const frame = encodeMessage(message)
      const longer = new Uint8Array(frame.length + 1)
      longer.set(frame)
      expect(refusal(longer), message.type).toBe('FRAME_INVALID')
    }
  })

  test('an empty frame and unknown types', () => {
    expect(refusal(new Uint8Array(0))).toBe('FRAME_INVALID')
    for (const type of [0, 14, 77, 255]) expect(refusal(new Uint8Array([type, 0, 0]))).toBe('FRAME_INVALID')
  })

  test('a frame over the limit, before it is looked at', () => {
    expect(refusal(new Uint8Array(MAX_FRAME_BYTES + 1))).toBe('FRAME_TOO_LARGE')
    const ping = parseMessage(encodeMessage({ type: 'ping' }), 0)
    expect(ping).toMatchObject({ code: 'FRAME_TOO_LARGE', facts: { bytes: 1, maxBytes: 0 } })
  })

  test('counts over their limits', () => {
    const hashes: Message = {
      type: 'probe',
      replica,
      sequences: Array.from({ length: 65 }, (_, i) => (i + 1) as Sequence),
    }
    expect(refusal(encodeMessage(hashes))).toBe('FRAME_INVALID')
    expect(refusal(encodeMessage({ type: 'presence', state: new Uint8Array(4_097) }))).toBe('FRAME_INVALID')
    const bye: Message = { type: 'bye', code: 'INTERNAL', sentence: 'x'.repeat(1_025) }
    expect(refusal(encodeMessage(bye))).toBe('FRAME_INVALID')
  })

  test('commits whose positions do not ascend, or pass what they reach', () => {
    const commits = [sampleCommit(2, 100), sampleCommit(2, 100)]
    const mark = new Uint8Array(0)
    expect(refusal(encodeMessage({ type: 'commits', through: 9 as Position, mark, commits }))).toBe(
      'FRAME_INVALID',
    )
    const beyond = [sampleCommit(10, 100)]
    expect(refusal(encodeMessage({ type: 'commits', through: 9 as Position, mark, commits: beyond }))).toBe(
      'FRAME_INVALID',
    )
  })

  test('a commit of a newer format', () => {
    const commit = sampleCommit(1, 100)
    commit.bytes[0] = 2
    const frame = encodeMessage({
      type: 'commits',
      through: 1 as Position,
      mark: new Uint8Array(0),
      commits: [commit],
    })
    expect(refusal(frame)).toBe('FORMAT_NEWER')
  })

  test('numbers over 2⁵³ − 1, texts that are not UTF-8, versions that are no range', () => {
    expect(refusal(new Uint8Array([12, 255, 255, 255, 255, 255, 255, 255, 255]))).toBe('FRAME_INVALID')
    expect(refusal(new Uint8Array([13, 1, 0, 0xff, 0, 0]))).toBe('FRAME_INVALID')
    expect(refusal(new Uint8Array([1, 2, 0, 1, 0]))).toBe('FRAME_INVALID')
  })

  test('a code of a newer peer is kept as a fact', () => {
    const frame = encodeMessage({
      type: 'refused-commit',
      replica,
      firstSequence: 3 as Sequence,
      lastSequence: 4 as Sequence,
      code: 'FORBIDDEN',
      facts: { nowMs: 5, why: null },
    })
    const text = new TextEncoder().encode('FORBIDDEN')
    const at = frame.findIndex((_, i) => text.every((byte, j) => frame[i + j] === byte))
    frame.set(new TextEncoder().encode('MOONPHASE'), at)
    expect(parseMessage(frame)).toMatchObject({
      code: 'PEER_REFUSED',
      facts: { code: 'MOONPHASE', nowMs: 5 },
    })
  })
})

test('random and mutated bytes are parsed or refused, never thrown at', () => {
  const frames = messages.map(encodeMessage).filter((frame) => frame.length < 5_000)
  const mutated = fc
    .tuple(
      fc.constantFrom(...frames),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    )
    .map(([frame, changes]) => {
      const bytes = frame.slice()
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      return bytes
    })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (bytes) => {
      const back = parseMessage(bytes)
      if (back instanceof HeadwaterError) return
      expect(parseMessage(encodeMessage(back))).toEqual(back)
    }),
    { numRuns: 2_000, seed: 4711 },
  )
})

test('stream ids and replica ids are spelled alike', () => {
  const stream = replica as string as StreamId
  expect(parsed({ ...messages[0]!, stream } as Message)).toMatchObject({ stream })
})
