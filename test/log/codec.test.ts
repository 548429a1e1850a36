// The stored grammars: what is written is read back exactly, and whatever else is refused, never misread.

import {
  bytesToId,
  CHAIN_START,
  chainHash,
  checkDrafts,
  createEventRegistry,
  createVersionVector,
  defineRawEvent,
  type Extension,
  encodeCommit,
  encodeTogether,
  HeadwaterError,
  isTooFarAhead,
  joinBodies,
  MAX_DRIFT_MS,
  msToTimestamp,
  NO_TIME,
  nextTimestamp,
  type Offset,
  packDrafts,
  parseCommit,
  parseVersionVector,
  type ReplicaId,
  type Sequence,
  type Timestamp,
  timestampToMs,
} from '@headwater/log'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from '../../packages/log/src/crc32.ts'
import { createDecoded, decodeEvents, openRecord } from '../../packages/log/src/decode.ts'
import { encodeDrafts } from '../../packages/log/src/encode-drafts.ts'
import { encodeRecord, parseRecord, recordCommits } from '../../packages/log/src/record.ts'
import { NO_VOIDS } from '../../packages/log/src/voids.ts'
import { commitOf, FOREIGN, note } from '../contract/log.contract.ts'
import { Anything, createRandom, createWorld } from './world.ts'

const SEED = 20_260_102
const run = { seed: SEED, numRuns: 200 }
const id = fc.uint8Array({ minLength: 12, maxLength: 12 })
const world = createWorld()

test('the drafts of many commits, encoded by one call, are the same bytes as each by itself', () => {
  const world = createWorld()
  const value = fc.oneof(fc.string(), fc.jsonValue({ noUnicodeString: false }).map(positive))
  const Raw = defineRawEvent('raw', { version: 1, key: () => 'raw', faultOf: () => undefined })
  const events = createEventRegistry([...world.events.events, Raw])
  const draft = fc.oneof(
    value.map((data) => note(JSON.stringify(data))),
    value.map((data) => Anything(data)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Raw(bytes)),
  )
  const drafts = fc.array(draft, { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.array(drafts, { minLength: 1, maxLength: 6 }), (commits) => {
      const checked = commits.map((each) => checkDrafts(each, events, world.random))
      const outlines = checked.map(({ commitId, types, bodies }) => {
        return { commitId, types, lengths: bodies.map(({ length }) => length) }
      })
      const joined = joinBodies(checked.flatMap(({ bodies }) => bodies))
      expect(encodeTogether(outlines, joined)).toEqual(checked.map(encodeDrafts))
    }),
    { seed: 11 },
  )
})

test('CRC-32 gives the published check value and equals its naive twin', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(9), fc.nat(70), (bytes, skip, cut) => {
      const shifted = bytes.subarray(Math.min(skip, bytes.length))
      expect(crc32(shifted)).toBe(naiveCrc32(shifted))
      const at = Math.min(cut, bytes.length)
      expect(crc32(bytes, at, crc32(bytes.subarray(0, at)))).toBe(naiveCrc32(bytes))
    }),
    run,
  )
})

test('a commit is read back as it was written, extensions included', () => {
  const header = fc.record({
    replica: id,
    firstSequence: fc.integer({ min: 1, max: 2 ** 52 }),
    timestamp: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    derived: fc.boolean(),
    keyId: fc.nat(),
    extensions: fc.array(fc.record({ id: fc.nat(32_767), value: fc.uint8Array({ maxLength: 40 }) }), {
      maxLength: 4,
    }),
    data: fc.array(fc.jsonValue({ noUnicodeString: false }), { minLength: 1, maxLength: 8 }),
  })
  fc.assert(
    fc.property(header, ({ data, replica, extensions, ...fields }) => {
      const packed = packDrafts(
        data.map((value) => Anything(positive(value))),
        world.events,
        createRandom(3),
      )
      const written = {
        replica: bytesToId(replica) as ReplicaId,
        commitId: packed.commitId,
        firstSequence: fields.firstSequence as Sequence,
        timestamp: fields.timestamp as Timestamp,
        derived: fields.derived,
        keyId: fields.keyId,
        extensions: extensions.map((extension): Extension => ({ ...extension, critical: false })),
      }
      const bytes = encodeCommit(written, packed)
      expect(parseCommit(bytes)).toMatchObject({ ...written, count: data.length })
      expect(parseCommit(bytes.subarray(0, -1))).toMatchObject({ code: 'COMMIT_DAMAGED' })
      expect(parseCommit(new Uint8Array([...bytes, 0]))).toMatchObject({ code: 'COMMIT_DAMAGED' })
    }),
    run,
  )
})

test('random and mutated bytes are refused or read, never thrown at', () => {
  const good = commitOf([note('a'), note('b')])
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(good.length - 1),
      fc.nat(255),
      (bytes, at, byte) => {
        const mutated = good.slice()
        mutated[at] = byte
        for (const input of [bytes, mutated, mutated.subarray(0, at)]) {
          const parsed = parseCommit(input)
          if (parsed instanceof HeadwaterError) expect(parsed.code).toMatch(/^(COMMIT_DAMAGED|FORMAT_NEWER)$/)
          else expect(parsed.bodiesAt + parsed.bodiesLength).toBe(input.length)
        }
      },
    ),
    run,
  )
})

test('a critical extension and an unknown flag are refused as newer, an ignorable one is passed over', () => {
  const packed = packDrafts([note('a')], world.events, world.random)
  const header = {
    replica: FOREIGN,
    commitId: packed.commitId,
    firstSequence: 1 as Sequence,
    timestamp: 1 as Timestamp,
  }
  const withExtension = (critical: boolean): Uint8Array =>
    encodeCommit({ ...header, extensions: [{ id: 7, critical, value: Uint8Array.of(1) }] }, packed)
  expect(parseCommit(withExtension(true))).toMatchObject({ code: 'FORMAT_NEWER' })
  expect(parseCommit(withExtension(false))).toMatchObject({ count: 1 })
  const flagged = encodeCommit(header, packed)
  flagged[1] = 2
  expect(parseCommit(flagged)).toMatchObject({ code: 'FORMAT_NEWER' })
})

test('a record holds its commits, whatever text is in them', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 5 }), fc.boolean(), (commits, whole) => {
      const parts = commits.map((values, i) => {
        const bytes = commitOf(
          values.map((value) => Anything(value)),
          { firstSequence: i + 1 },
        )
        const head = parseCommit(bytes)
        if (head instanceof HeadwaterError) throw head
        return { head: bytes.subarray(0, head.bodiesAt), bodies: bytes.subarray(head.bodiesAt) }
      })
      const flat = commits.flat()
      const content = {
        firstOffset: 7 as Offset,
        count: flat.length,
        clock: 9 as Timestamp,
        whole,
        bytesBefore: 11,
      }
      const vector: [ReplicaId, Sequence][] = [[FOREIGN, 5 as Sequence]]
      const view = parseRecord(7, encodeRecord({ ...content, vector, commits: parts }))
      if (view instanceof HeadwaterError) throw view
      expect(view).toMatchObject({ ...content, vector })
      const record = openRecord(view)
      if (record instanceof HeadwaterError) throw record
      const decoded = createDecoded()
      const reading = { registry: world.events, voids: NO_VOIDS, own: new Set<ReplicaId>() }
      decodeEvents(record, { from: 0, through: 1_000 }, reading, decoded)
      expect(decoded.events.map(({ data }) => data)).toEqual(flat)
      expect(recordCommits(view)).toHaveLength(commits.length)
    }),
    run,
  )
})

test('the chain hash binds previous hash, head and every body, each by its digest', () => {
  const commit = commitOf([note('a'), note('b')])
  const hash = chainHash(CHAIN_START, commit)
  expect(hash).toHaveLength(32)
  expect(chainHash(CHAIN_START, commit.slice())).toEqual(hash)
  expect(chainHash(hash, commit)).not.toEqual(hash)
  for (const at of [20, 45, commit.length - 4]) {
    const other = commit.slice()
    other[at] = other[at]! ^ 1
    expect(parseCommit(other) instanceof HeadwaterError || chainHash(CHAIN_START, other)).not.toEqual(hash)
  }
  expect(() => chainHash(CHAIN_START, commit.subarray(1))).toThrow(HeadwaterError)
})

test('stamps strictly increase whatever the wall clock does, and the counter carries (L4)', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e12, max: 2e12 }), { minLength: 1 }), (walls) => {
      let stamp = NO_TIME
      for (const wall of walls) {
        const next = nextTimestamp(stamp, wall)
        expect(next).toBeGreaterThan(stamp)
        expect(timestampToMs(next)).toBeGreaterThanOrEqual(Math.max(0, wall))
        stamp = next
      }
    }),
    run,
  )
  let stamp = msToTimestamp(5)
  for (let i = 0; i < 1_024; i++) stamp = nextTimestamp(stamp, 5)
  expect([timestampToMs(stamp), stamp]).toEqual([6, 6 * 1_024])
})

test('a foreign stamp is too far ahead beyond a day, to the millisecond', () => {
  expect(isTooFarAhead(msToTimestamp(1_000 + MAX_DRIFT_MS), 1_000)).toBe(false)
  expect(isTooFarAhead(msToTimestamp(1_001 + MAX_DRIFT_MS), 1_000)).toBe(true)
})

test('a version vector counts the highest sequence of each replica and survives its JSON', () => {
  const entries: [ReplicaId, Sequence][] = [
    [FOREIGN, 3 as Sequence],
    [FOREIGN, 2 as Sequence],
  ]
  const vector = createVersionVector(entries)
  expect([vector.get(FOREIGN), vector.size, vector.covers(FOREIGN, 4 as Sequence)]).toEqual([3, 1, false])
  const later = vector.advance([[FOREIGN, 9 as Sequence]])
  expect([vector.get(FOREIGN), later.get(FOREIGN)]).toEqual([3, 9])
  expect([later.coversAll(vector), vector.coversAll(later)]).toEqual([true, false])
  const back = parseVersionVector(JSON.parse(JSON.stringify(later)))
  expect(back instanceof HeadwaterError ? back : back.toJSON()).toEqual({ [FOREIGN]: 9 })
  for (const bad of [null, [], { short: 1 }, { [FOREIGN]: 0 }, { [FOREIGN]: 1.5 }, { [FOREIGN]: '1' }]) {
    expect(parseVersionVector(bad)).toMatchObject({ code: 'COMMIT_DAMAGED' })
  }
})

function naiveCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

/** The same without -0, which JSON text cannot carry. */
function positive(value: unknown): unknown {
  const plain: unknown = JSON.parse(JSON.stringify(value))
  return plain
}
