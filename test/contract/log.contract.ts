// The laws of the log (L1–L8) as one suite, run against every implementation: what is true of the memory log must be true
// of the IndexedDB log, in Node and in a browser.

import {
  type Draft,
  type EventBatch,
  encodeCommit,
  type Log,
  type Offset,
  ORIGIN,
  type PackedDrafts,
  type PassedOver,
  packDrafts,
  parseCommit,
  type ReplicaId,
  type Sequence,
  type StoredEvent,
  type Timestamp,
} from '@headwater/log'
import { afterEach, describe, expect, test } from 'vitest'
import {
  Anything,
  Counted,
  createRandom,
  createWorld,
  Noted,
  START_MS,
  Strict,
  strictAsked,
  takesAll,
  type World,
} from '../log/world.ts'

/** One log that several handles can be opened on. */
export interface LogUnderTest {
  readonly world: World
  /** Another handle on the same log, as another tab has it. */
  open(world?: World): Promise<Log>
  /** What `strict` is answered with. */
  readonly strictIsHeld: 'committed' | 'durable'
  /** Frees what the test held. */
  dispose(): Promise<void>
}

export function describeLog(name: string, create: () => Promise<LogUnderTest>): void {
  describe(name, () => {
    const opened: { log: Log[]; under: LogUnderTest[] } = { log: [], under: [] }
    const setUp = async (): Promise<{
      under: LogUnderTest
      world: World
      log: Log
      open: () => Promise<Log>
    }> => {
      const under = await create()
      opened.under.push(under)
      const open = async (): Promise<Log> => {
        const log = await under.open()
        opened.log.push(log)
        return log
      }
      return { under, world: under.world, log: await open(), open }
    }
    afterEach(async () => {
      await Promise.all(opened.log.splice(0).map((log) => log.close()))
      await Promise.all(opened.under.splice(0).map((under) => under.dispose()))
    })

    test('a fresh log is empty', async () => {
      const { log } = await setUp()
      expect(log.head).toBe(0)
      expect(await log.read(ORIGIN)).toEqual({
        events: [],
        voids: [],
        skipped: [],
        quarantined: [],
        through: 0,
        unknown: new Map(),
      })
      expect((await log.vector()).size).toBe(0)
      expect(log.readOnly).toBeUndefined()
    })

    test('the events of a commit are stored together and in order (L1)', async () => {
      const { log } = await setUp()
      const receipt = await log.append([note('a'), note('b'), Counted({ id: 'a', by: 2 })])
      expect(receipt).toMatchObject({
        firstSequence: 1,
        count: 3,
        offset: 3,
        replica: log.replica,
        held: 'committed',
      })
      const { events, through } = await log.read(ORIGIN)
      expect(through).toBe(3)
      expect(events.map(({ offset, sequence, type, data }) => [offset, sequence, type, data])).toEqual([
        [1, 1, 'noted', { id: 'a', text: 'text of a' }],
        [2, 2, 'noted', { id: 'b', text: 'text of b' }],
        [3, 3, 'counted', { id: 'a', by: 2 }],
      ])
      expect(new Set(events.map(({ timestamp }) => timestamp))).toEqual(new Set([receipt.timestamp]))
      expect(events[0]).toMatchObject({ version: 1, time: START_MS, replica: log.replica })
    })

    test('a commit with one bad event stores none of its events (L1)', async () => {
      const { log } = await setUp()
      const bad = { ...note('b'), data: { id: 'b', text: 7 } }
      await expect(log.append([note('a'), bad])).rejects.toMatchObject({
        code: 'EVENT_INVALID',
        path: [1, 'text'],
      })
      expect(await log.refresh()).toBe(0)
    })

    test('events are frozen deeply', async () => {
      const { log } = await setUp()
      await log.append([Anything({ list: [{ deep: 1 }] })])
      const [event] = (await log.read(ORIGIN)).events
      const { list } = event!.data as { list: { deep: number }[] }
      expect([event, event?.data, list, list[0]].every((part) => Object.isFrozen(part))).toBe(true)
    })

    test('un-awaited appends keep their order and their own receipts (L2)', async () => {
      const { log } = await setUp()
      const receipts = await Promise.all(Array.from({ length: 300 }, (_, i) => log.append([note(String(i))])))
      expect(receipts.map(({ offset }) => offset)).toEqual(receipts.map((_, i) => i + 1))
      expect(new Set(receipts.map(({ commitId }) => commitId)).size).toBe(300)
      const events = await readAll(log)
      expect(events.map(({ data }) => (data as { id: string }).id)).toEqual(receipts.map((_, i) => String(i)))
    })

    test('a reader misses nothing, however small its batches (L2)', async () => {
      const { log } = await setUp()
      for (let i = 0; i < 20; i++)
        await log.append(Array.from({ length: i + 1 }, (_, k) => note(`${i}.${k}`)))
      const whole = await readAll(log)
      for (const maxEvents of [1, 3, 7, 1_000]) expect(await readAll(log, maxEvents)).toEqual(whole)
      expect(whole.map(({ offset }) => offset)).toEqual(Array.from({ length: 210 }, (_, i) => i + 1))
    })

    test('a reader that names types gets those, and knows how far it has read (L2)', async () => {
      const { log } = await setUp()
      await log.append([note('a'), Counted({ id: 'a', by: 1 }), note('b')])
      const batch = await log.read(ORIGIN, { types: new Set(['counted']) })
      expect(batch.events.map(({ type }) => type)).toEqual(['counted'])
      expect(batch.through).toBe(3)
    })

    test('a commit with an unknown type is passed over whole, counted and forwarded', async () => {
      const { log } = await setUp()
      const foreign = commitOf([note('a'), { type: 'later', version: 1, data: 1 }, note('b')])
      await log.merge([commitOf([note('x')], { replica: OTHER }), foreign])
      for (const maxEvents of [1, 2, 100]) {
        const { events, skipped, unknown } = await readJudged(log, maxEvents)
        expect(events.map(({ data }) => data)).toEqual([{ id: 'x', text: 'text of x' }])
        expect(skipped).toEqual([
          { replica: FOREIGN, sequence: 2, offset: 3, count: 3, type: 'later', code: 'EVENT_UNKNOWN' },
        ])
        expect([...unknown]).toEqual([['later', 1]])
      }
      expect((await log.vector()).get(FOREIGN)).toBe(3)
      expect((await log.readCommits(ORIGIN)).commits[1]?.bytes).toEqual(foreign)
    })

    test('a foreign payload that fails its schema or upcaster quarantines its commit whole', async () => {
      const { log } = await setUp()
      const invalid = commitOf([note('a'), { ...note('b'), data: { id: 'b', text: 7 } }])
      const broken = commitOf([{ type: 'lifted', version: 1, data: 'broken' }], { replica: OTHER })
      const odd = commitOf([{ type: 'lifted', version: 1, data: 'odd' }, note('c')], { replica: THIRD })
      const newer = commitOf([{ type: 'noted', version: 9, data: 9 }, Counted({ id: 'd', by: 1 })], {
        replica: FOURTH,
      })
      await log.merge([invalid, broken, odd, newer])
      for (const maxEvents of [1, 100]) {
        const { events, quarantined } = await readJudged(log, maxEvents)
        expect(quarantined.map(({ replica, offset, code, path }) => [replica, offset, code, path])).toEqual([
          [FOREIGN, 2, 'EVENT_INVALID', ['text']],
          [OTHER, 3, 'UPCAST_FAILED', undefined],
          [THIRD, 4, 'EVENT_INVALID', []],
        ])
        expect(events.map(({ offset, fault }) => [offset, fault?.code])).toEqual([
          [6, 'EVENT_NEWER'],
          [7, undefined],
        ])
      }
    })

    test('what this log appended at the versions of this build is not judged again', async () => {
      const { log } = await setUp()
      await log.append([Strict('once')])
      const asked = strictAsked()
      expect((await log.read(ORIGIN)).events).toHaveLength(1)
      expect(strictAsked()).toBe(asked)
    })

    test('single events are found by their offsets', async () => {
      const { log } = await setUp()
      for (let i = 0; i < 10; i++) await log.append([note(`${i}a`), note(`${i}ü`)])
      const offsets = [2, 3, 11, 20] as Offset[]
      const found = await log.readAt(offsets)
      expect(found).toEqual((await readAll(log)).filter(({ offset }) => offsets.includes(offset)))
    })

    test('an event merged twice is stored once (L3)', async () => {
      const { log } = await setUp()
      const commits = [commitOf([note('a'), note('b')]), commitOf([note('c')], { firstSequence: 3, at: 1 })]
      expect(await log.merge(commits)).toEqual({ merged: 3, duplicates: 0, voided: 0, head: 3 })
      expect(await log.merge(commits)).toEqual({ merged: 0, duplicates: 3, voided: 0, head: 3 })
      expect(await readAll(log)).toHaveLength(3)
      expect((await log.vector()).toJSON()).toEqual({ [FOREIGN]: 3 })
    })

    test('the same commit twice in one merge is stored once (L3)', async () => {
      const { log } = await setUp()
      const commit = commitOf([note('a')])
      expect(await log.merge([commit, commit.slice()])).toEqual({
        merged: 1,
        duplicates: 1,
        voided: 0,
        head: 1,
      })
    })

    test('a gap is refused, and nothing of that merge is stored (L3)', async () => {
      const { log } = await setUp()
      const commits = [commitOf([note('a')]), commitOf([note('c')], { firstSequence: 3, at: 1 })]
      await expect(log.merge(commits)).rejects.toMatchObject({ code: 'SEQUENCE_GAP', facts: { expected: 2 } })
      expect(await log.refresh()).toBe(0)
    })

    test('the same sequence with other content is a detected fork (L3)', async () => {
      const { log } = await setUp()
      await log.merge([commitOf([note('a'), note('b')]), commitOf([note('c')], { firstSequence: 3, at: 1 })])
      const forks = [
        commitOf([note('a'), note('x')]),
        commitOf([note('x')], { firstSequence: 2 }),
        commitOf([note('c'), note('d')], { firstSequence: 3, at: 1 }),
      ]
      for (const fork of forks) await expect(log.merge([fork])).rejects.toMatchObject({ code: 'FORK' })
      expect(await readAll(log)).toHaveLength(3)
    })

    test('a stamp too far ahead is refused, a local append never (L4)', async () => {
      const { log, world } = await setUp()
      const ahead = commitOf([note('a')], { at: 25 * 3_600_000 * 1_024 })
      await expect(log.merge([ahead])).rejects.toMatchObject({ code: 'STAMP_AHEAD' })
      await log.merge([commitOf([note('a')], { at: 23 * 3_600_000 * 1_024 })])
      world.clock.ms -= 365 * 86_400_000
      await expect(log.append([note('b')])).resolves.toMatchObject({ offset: 2 })
    })

    test('a foreign stamp that does not rise is refused, however its replica’s commits are cut (L3, L4)', async () => {
      const first = commitOf([note('a')], { at: 10 })
      const later = commitOf([note('c')], { firstSequence: 3, at: 12 })
      const level = commitOf([note('b')], { firstSequence: 2, at: 10 })
      const rising = commitOf([note('b')], { firstSequence: 2, at: 11 })
      const { log, open } = await setUp()
      await expect(log.merge([first, level])).rejects.toMatchObject({ code: 'COMMIT_DAMAGED' })
      await log.merge([first])
      await log.merge([commitOf([note('x')], { replica: 'ForeignReplica-1' as ReplicaId, at: 99 })])
      for (const reader of [log, await open()]) {
        await expect(reader.merge([level])).rejects.toMatchObject({ code: 'COMMIT_DAMAGED' })
      }
      expect(await log.merge([first, rising, later])).toMatchObject({ merged: 2, duplicates: 1 })
      expect((await log.vector()).toJSON()).toEqual({ [FOREIGN]: 3, 'ForeignReplica-1': 1 })
    })

    test('what is written behind what was merged is stamped behind it, in every tab (L4)', async () => {
      const { log, open } = await setUp()
      const ahead = 3_600_000 * 1_024
      await log.merge([commitOf([note('a')], { at: ahead })])
      await log.merge([commitOf([note('b')], { replica: OTHER, at: 5 })])
      let last = START_MS * 1_024 + ahead
      for (const each of [log, await open()]) {
        const { timestamp } = await each.append([note('c')])
        expect(timestamp).toBe(last + 1)
        last = timestamp
      }
    })

    test('timestamps increase when the wall clock jumps back a year (L4)', async () => {
      const { log, world } = await setUp()
      const before = await log.append([note('a')])
      world.clock.ms -= 365 * 86_400_000
      const after = await log.append([note('b')])
      const third = await log.append([note('c')])
      expect(after.timestamp).toBe(before.timestamp + 1)
      expect([third.firstSequence, third.timestamp]).toEqual([3, before.timestamp + 2])
    })

    test('damaged foreign bytes are refused whole (L3)', async () => {
      const { log } = await setUp()
      const good = commitOf([note('a')])
      for (const length of [0, 1, 49, 50, good.length - 1]) {
        await expect(log.merge([good.slice(0, length)])).rejects.toMatchObject({ code: 'COMMIT_DAMAGED' })
      }
      const badBody = good.slice()
      badBody[badBody.length - 2] = 0x2c
      await expect(log.merge([good, badBody])).rejects.toMatchObject({ code: 'COMMIT_DAMAGED' })
      const newer = good.slice()
      newer[0] = 9
      await expect(log.merge([newer])).rejects.toMatchObject({ code: 'FORMAT_NEWER' })
      expect(await log.refresh()).toBe(0)
    })

    test('a receipt says durable only where that is kept (L5)', async () => {
      const { log, under } = await setUp()
      expect((await log.append([note('a')], { durability: 'strict' })).held).toBe(under.strictIsHeld)
      expect((await log.append([note('b')], { durability: 'relaxed' })).held).toBe('committed')
    })

    test('what was appended is there for a handle that is opened later (L5)', async () => {
      const { log, open } = await setUp()
      await log.append([note('a'), note('b')])
      await log.close()
      const again = await open()
      expect([again.id, again.replica, again.head]).toEqual([log.id, log.replica, 2])
      expect((await again.append([note('c')])).firstSequence).toBe(3)
    })

    test('an append that is tried again after a lost answer is stored once (L5)', async () => {
      const { log, world, open } = await setUp()
      const packed = packDrafts([note('a')], world.events, world.random)
      const first = await log.append(packed)
      await log.append([note('b')])
      const other = await open()
      expect(await other.append(packed, { retriedSince: ORIGIN })).toEqual(first)
      expect(await readAll(other)).toHaveLength(2)
      const fresh = packDrafts([note('c')], world.events, world.random)
      expect(await other.append(fresh, { retriedSince: ORIGIN })).toMatchObject({ offset: 3 })
    })

    test('an append that was announced is stored as any other, and one that does not follow leaves nothing (L1)', async () => {
      const { log, open } = await setUp()
      log.prepare()
      const receipt = await log.append([note('a')])
      log.prepare('strict')
      log.prepare()
      log.prepare()
      await log.refresh()
      log.prepare('strict')
      const other = await open()
      const theirs = await other.append([note('b'), note('c')])
      log.prepare()
      const last = await log.append([note('d')])
      expect([receipt.offset, theirs.offset, last.offset]).toEqual([1, 3, 4])
      expect(await readAll(other)).toHaveLength(4)
    })

    test('appends that are tried again keep their order, and what comes behind them comes behind (L2, L5)', async () => {
      const { log, world, open } = await setUp()
      const packed = Array.from({ length: 60 }, (_, i) =>
        packDrafts([note(String(i))], world.events, world.random),
      )
      for (const each of packed.slice(0, 20)) await log.append(each)
      const other = await open()
      const again = packed.map((each) => other.append(each, { retriedSince: ORIGIN }))
      const receipts = await Promise.all([...again, other.append([note('behind')])])
      expect(receipts.map(({ offset }) => offset)).toEqual(Array.from({ length: 61 }, (_, i) => i + 1))
      expect(await readAll(other)).toHaveLength(61)
    })

    test('what has been read is known: the head is never behind a batch (L2)', async () => {
      const { log, open } = await setUp()
      const other = await open()
      await log.append([note('a')])
      await other.refresh()
      await log.append([note('b')])
      const { through } = await other.read(ORIGIN)
      expect(other.head).toBeGreaterThanOrEqual(through)
    })

    test('two handles that write in turn see one history (L6)', async () => {
      const { log, open } = await setUp()
      const other = await open()
      const [a, b] = [log, other]
      const receipts = []
      for (let i = 0; i < 10; i++) receipts.push(await (i % 3 === 0 ? a : b).append([note(String(i))]))
      expect(receipts.map(({ offset }) => offset)).toEqual(receipts.map((_, i) => i + 1))
      expect(receipts.map(({ firstSequence }) => firstSequence)).toEqual(receipts.map((_, i) => i + 1))
      await Promise.all([a.refresh(), b.refresh()])
      expect(await readAll(a)).toEqual(await readAll(b))
    })

    test('two handles that write at once give no offset and no sequence twice (L2, L6)', async () => {
      const { log, open } = await setUp()
      const other = await open()
      const appends = Array.from({ length: 60 }, (_, i) =>
        (i % 2 ? log : other).append([note(`${i}a`), note(`${i}b`)]),
      )
      const receipts = await Promise.all(appends)
      await Promise.all([log.refresh(), other.refresh()])
      const events = await readAll(log)
      expect(events.map(({ offset }) => offset)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1))
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1))
      expect(await readAll(other)).toEqual(events)
      for (const [i, { offset }] of receipts.entries()) {
        expect(events[offset - 1]?.data).toMatchObject({ id: `${i}b` })
        expect(events[offset - 2]?.data).toMatchObject({ id: `${i}a` })
      }
      expectRising(events)
    })

    test('a handle learns of another one’s commits by looking or by a hint (L6)', async () => {
      const { log, open } = await setUp()
      const other = await open()
      const heads: number[] = []
      const stop = other.subscribe((head) => heads.push(head))
      await log.append([note('a')])
      expect(other.head).toBe(0)
      expect(await other.refresh()).toBe(1)
      await log.append([note('b')])
      other.hint(2 as Offset)
      other.hint(1 as Offset)
      expect(await readAll(other)).toHaveLength(2)
      stop()
      await log.append([note('c')])
      await other.refresh()
      expect(heads).toEqual([1, 2])
    })

    test('a hint that is no offset is passed over, and an odd batch size still reads on', async () => {
      const { log } = await setUp()
      await log.append([note('a'), note('b'), note('c')])
      for (const nonsense of [Number.NaN, Number.POSITIVE_INFINITY, 7.5, -1, 0]) log.hint(nonsense as Offset)
      expect(log.head).toBe(3)
      for (const maxEvents of [0, -1, 0.5, Number.NaN]) {
        expect((await log.read(ORIGIN, { maxEvents })).through).toBe(1)
      }
      expect((await log.read(ORIGIN, { maxEvents: 2.5 })).through).toBe(2)
    })

    test('what another handle wrote between two own commits is not missed (L2, L6)', async () => {
      const { log, open } = await setUp()
      const other = await open()
      await log.append([note('a')])
      await other.append([note('b')])
      await log.refresh()
      await log.append([note('c')])
      expect((await readAll(log)).map(({ offset }) => offset)).toEqual([1, 2, 3])
    })

    test('packing changes no reader’s answer (L7)', async () => {
      const { log, open } = await setUp()
      for (let i = 0; i < 700; i++) await log.append([note(`${i}`)])
      const before = {
        events: await readAll(log),
        vector: (await log.vector()).toJSON(),
        commits: await allCommits(log),
      }
      await log.pack()
      const other = await open()
      for (const reader of [log, other]) {
        expect(await readAll(reader, 90)).toEqual(before.events)
        expect((await reader.vector()).toJSON()).toEqual(before.vector)
        expect(await allCommits(reader)).toEqual(before.commits)
        expect(await reader.readAt([1, 350, 700] as Offset[])).toEqual(
          [1, 350, 700].map((o) => before.events[o - 1]),
        )
      }
      expect((await other.append([note('z')])).offset).toBe(701)
    })

    test('whole commits come back as their author’s bytes', async () => {
      const { log } = await setUp()
      const foreign = commitOf([note('ü'), note('b')])
      await log.merge([foreign])
      const own = await log.append([note('c')])
      const { commits, through } = await log.readCommits(ORIGIN)
      expect(through).toBe(3)
      expect(commits[0]).toEqual({ firstOffset: 1, bytes: foreign })
      const head = parseCommit(commits[1]!.bytes)
      expect(head).toMatchObject({ commitId: own.commitId, firstSequence: own.firstSequence, count: 1 })
      expect((await log.readCommits(ORIGIN, { maxBytes: 1 })).commits).toHaveLength(1)
      expect((await log.readCommits(2 as Offset)).commits.map(({ firstOffset }) => firstOffset)).toEqual([3])
    })

    test('one log’s commits, merged into another, give the same events (L3)', async () => {
      const { log } = await setUp()
      const { log: copy } = await setUp()
      for (let i = 0; i < 5; i++) await log.append([note(`${i}a`), Counted({ id: '✓😀', by: i })])
      const { commits } = await log.readCommits(ORIGIN)
      await copy.merge(commits.map(({ bytes }) => bytes))
      expect(await readAll(copy)).toEqual(await readAll(log))
    })

    test('what JSON carries comes back exactly', async () => {
      const { log } = await setUp()
      const values = [
        JSON.parse('{"__proto__":{"a":1},"":"","constructor":1}'),
        { lone: '\ud800', pair: '😀', after: '\udc00x', nul: '\u0000', bom: '\ufeffx' },
        { ['k'.repeat(1_024)]: ['', null, true, 1e21, -1.5, 5e-324] },
        ['plain ascii', 'ümläut', '日本語', '😀'],
        nested(999),
      ]
      await log.append(values.map((value) => Anything(value)))
      const events = await readAll(log)
      expect(events.map(({ data }) => data)).toEqual(values)
      expect(Object.keys(events[0]?.data as object)).toEqual(Object.keys(values[0]))
      expect(JSON.stringify(events.map(({ data }) => data))).toBe(JSON.stringify(values))
    })

    test('a signal that was aborted before stores nothing', async () => {
      const { log } = await setUp()
      const signal = AbortSignal.abort()
      await expect(log.append([note('a')], { signal })).rejects.toMatchObject({ code: 'ABORTED' })
      await expect(log.read(ORIGIN, { signal })).rejects.toMatchObject({ code: 'ABORTED' })
      expect(await log.refresh()).toBe(0)
    })

    test('a listener that throws stops neither the log nor the others', async () => {
      const { log } = await setUp()
      const heads: number[] = []
      log.subscribe((head) => heads.push(head))
      await log.append([note('a')])
      expect(heads).toEqual([1])
    })

    test('the size counts records and bytes', async () => {
      const { log } = await setUp()
      await log.append([note('a')])
      const small = await log.size()
      await log.append([note('b'.repeat(5_000))])
      const large = await log.size()
      expect([small.records, large.records]).toEqual([1, 2])
      expect(large.bytes - small.bytes).toBeGreaterThan(5_000)
    })

    test('close is idempotent, and later calls fail by name (L8)', async () => {
      const { log } = await setUp()
      const last = log.append([note('a')])
      await log.close()
      await log.close()
      await expect(last).resolves.toMatchObject({ offset: 1 })
      const calls = [
        () => log.append([note('b')]),
        () => log.merge([]),
        () => log.read(ORIGIN),
        () => log.readAt([]),
        () => log.readCommits(ORIGIN),
        () => log.refresh(),
        () => log.vector(),
        () => log.pack(),
        () => log.size(),
      ]
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'CLOSED' })
      log.hint(9 as Offset)
      expect(log.head).toBe(1)
    })
  })
}

/** A replica that is none of ours. */
export const FOREIGN = 'ForeignReplica-0' as ReplicaId
const OTHER = 'ForeignReplica-2' as ReplicaId
const THIRD = 'ForeignReplica-3' as ReplicaId
const FOURTH = 'ForeignReplica-4' as ReplicaId

/** What is said of a foreign commit where the defaults do not do. */
export interface ForeignOptions {
  readonly replica?: ReplicaId
  readonly firstSequence?: number
  /** Ticks after the start. */
  readonly at?: number
}

/** A commit that another replica wrote. */
export function commitOf(drafts: readonly Draft[], options: ForeignOptions = {}): Uint8Array {
  const { replica = FOREIGN, firstSequence = 1, at = 0 } = options
  const packed = packForeign(drafts, firstSequence)
  return encodeCommit(
    {
      replica,
      commitId: packed.commitId,
      firstSequence: firstSequence as Sequence,
      timestamp: (START_MS * 1_024 + at) as Timestamp,
    },
    packed,
  )
}

/** Packs what the author's own build took, whatever this one's schemas say. */
function packForeign(drafts: readonly Draft[], seed: number): PackedDrafts {
  const { events } = createWorld()
  const schema = takesAll<unknown>()
  const types = new Map(drafts.map(({ type, version }) => [type, { ...Anything, type, version, schema }]))
  const known = { ...events, get: (type: string) => types.get(type) }
  return packDrafts(drafts, known as World['events'], createRandom(seed * 7 + 1))
}

export function note(id: string): Draft {
  return Noted({ id, text: `text of ${id}` })
}

/** Everything in the log, read in batches. */
export async function readAll(log: Log, maxEvents = 500): Promise<StoredEvent[]> {
  const events: StoredEvent[] = []
  for (let after = ORIGIN; ; ) {
    const batch: EventBatch = await log.read(after, { maxEvents })
    expect(batch.events.length).toBeLessThanOrEqual(maxEvents)
    if (batch.through === after) return events
    events.push(...batch.events)
    after = batch.through
  }
}

/** All that reading in batches of this size gives. */
async function readJudged(
  log: Log,
  maxEvents: number,
): Promise<Pick<EventBatch, 'events' | 'skipped' | 'quarantined' | 'unknown'>> {
  const events: StoredEvent[] = []
  const skipped: PassedOver[] = []
  const quarantined: PassedOver[] = []
  const unknown = new Map<string, number>()
  for (let after = ORIGIN; ; ) {
    const batch = await log.read(after, { maxEvents })
    if (batch.through === after) return { events, skipped, quarantined, unknown }
    events.push(...batch.events)
    skipped.push(...batch.skipped)
    quarantined.push(...batch.quarantined)
    for (const [type, count] of batch.unknown) unknown.set(type, (unknown.get(type) ?? 0) + count)
    after = batch.through
  }
}

async function allCommits(log: Log): Promise<Uint8Array[]> {
  const commits: Uint8Array[] = []
  for (let after = ORIGIN; ; ) {
    const batch = await log.readCommits(after, { maxBytes: 10_000 })
    if (batch.commits.length === 0) return commits
    commits.push(...batch.commits.map(({ bytes }) => bytes))
    after = batch.through
  }
}

function expectRising(events: readonly StoredEvent[]): void {
  for (let i = 1; i < events.length; i++) {
    const [before, after] = [events[i - 1]!, events[i]!]
    expect(after.timestamp).toBeGreaterThanOrEqual(before.timestamp)
  }
}

function nested(levels: number): unknown {
  let value: unknown = 'deep'
  for (let i = 0; i < levels; i++) value = i % 2 ? [value] : { value }
  return value
}
