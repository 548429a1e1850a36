// What replication needs of a log, as one suite run against every implementation: chains, forks, reissues, setting aside,
// the lease and the notes. Two logs stand for two replicas; commits go between them as chained reads and merges.

import {
  CHAIN_START,
  type ChainedCommit,
  type ChainVector,
  type CommitHead,
  chainHash,
  encodeCommit,
  encodeReplaced,
  HeadwaterError,
  type Log,
  lastSequenceOf,
  MAX_ENVELOPE_BYTES,
  type MergeResult,
  type Offset,
  ORIGIN,
  parseCommit,
  REPLACES,
  type Receipt,
  type ReplicaId,
  replacesOf,
  type Sequence,
  type StoredEvent,
} from '@headwater/log'
import { afterEach, describe, expect, test } from 'vitest'
import { START_MS, type World } from '../log/world.ts'
import { commitOf, FOREIGN, type LogUnderTest, note, readAll } from './log.contract.ts'

export function describeExchange(name: string, create: () => Promise<LogUnderTest>): void {
  describe(`${name}: exchange`, () => {
    const opened: { log: Log[]; under: LogUnderTest[] } = { log: [], under: [] }
    const setUp = async (): Promise<{ log: Log; world: World; open: () => Promise<Log> }> => {
      const under = await create()
      opened.under.push(under)
      const open = async (): Promise<Log> => {
        const log = await under.open()
        opened.log.push(log)
        return log
      }
      return { log: await open(), world: under.world, open }
    }
    afterEach(async () => {
      await Promise.all(opened.log.splice(0).map((log) => log.close()))
      await Promise.all(opened.under.splice(0).map((under) => under.dispose()))
    })

    test('chains are a function of the commits’ bytes, wherever they are read from (L3, L7)', async () => {
      const { log, open } = await setUp()
      for (let i = 0; i < 70; i++) await log.append([note(`${i}a`), note(`${i}b`)])
      await log.merge([commitOf([note('x')]), commitOf([note('y')], { firstSequence: 2, at: 1 })])
      const expected = await naiveChains(log)
      expect(plain(await log.chains())).toEqual(plain(expected))
      await log.pack()
      const other = await open()
      expect(plain(await other.chains())).toEqual(plain(expected))
      const hashes = await other.hashesOf(log.replica, [0, 1, 2, 140, 141, 139])
      expect(hashes[0]).toEqual(CHAIN_START)
      expect(hashes.map((hash) => hash !== undefined)).toEqual([true, false, true, true, false, false])
      expect(hashes[3]).toEqual(expected.get(log.replica)?.hash)
    })

    test('the log says where its last whole commit up to an offset ends, and what fell up to it (L1, L2, L7)', async () => {
      const { log, open } = await setUp()
      await log.append([note('a'), note('b')])
      await log.append([note('c')])
      await log.append([note('d'), note('e'), note('f')])
      const endsOf = async (each: Log): Promise<readonly (number | undefined)[]> => {
        const offsets = Array.from({ length: (await each.refresh()) + 2 }, (_, at) => at as Offset)
        return Promise.all(offsets.map(async (through) => (await each.lastCommit(through))?.offset))
      }
      const none = undefined
      expect(await endsOf(log)).toEqual([none, none, 2, 3, 3, 3, 6, 6])
      expect(await log.readVoided(9 as Offset)).toEqual([])
      const version = log.voidsVersion
      await log.reissue({ replica: log.replica, after: 2 as Sequence })
      await log.append([note('g')])
      expect(log.voidsVersion).not.toBe(version)
      await log.pack()
      for (const each of [log, await open()]) {
        expect(await endsOf(each)).toEqual([none, none, 2, 2, 2, 2, 2, 7, 7, 7, 10, 10, 12, 12])
        const fallen = async (through: number): Promise<readonly number[]> =>
          (await each.readVoided(through as Offset)).map(({ offset }) => offset)
        expect([await fallen(2), await fallen(4), await fallen(12)]).toEqual([[], [3, 4], [3, 4, 5, 6]])
        const last = await each.lastCommit(12 as Offset)
        expect(last?.timestamp).toBe((await each.readAt([12 as Offset]))[0]?.timestamp)
      }
    })

    test('chained commits name the hash before each, whatever the batches (L2)', async () => {
      const { log } = await setUp()
      for (let i = 0; i < 20; i++) await log.append([note(`${i}`)])
      await log.merge([commitOf([note('x'), note('y')])])
      const own = log.replica
      for (const maxBytes of [1, 700, 1_000_000]) {
        const commits = await allChained(log, maxBytes)
        expect(commits.map(({ replica, isOwn }) => [replica === own, isOwn])).toEqual([
          ...Array.from({ length: 20 }, () => [true, true]),
          [false, false],
        ])
        let previous: Uint8Array = CHAIN_START
        for (const commit of commits.slice(0, 20)) {
          expect(commit.previous).toEqual(previous)
          previous = chainHash(previous, commit.bytes)
        }
        expect(commits.at(-1)).toMatchObject({ firstSequence: 1, count: 2, previous: CHAIN_START })
      }
      const tail = await log.readChained(19 as Offset)
      expect(tail.commits.map(({ firstOffset }) => firstOffset)).toEqual([20, 21])
      expect(tail.commits[0]?.previous).toEqual((await log.hashesOf(own, [19]))[0])
    })

    test('envelopes are found by the commit that they came with, the latest of each', async () => {
      const { log, world, open } = await setUp()
      const replicas = [FOREIGN, log.replica]
      const kept = new Map<string, string>()
      const nextInt = (below: number): number => world.random.bytes(1)[0]! % below
      for (let i = 0; i < 30; i++) {
        const from = nextInt(60)
        const enveloped = Array.from({ length: 1 + nextInt(9) }, (_, step) => ({
          replica: replicas[nextInt(2)]!,
          lastSequence: (from + step * (1 + nextInt(2))) as Sequence,
          envelope: world.random.bytes(1 + nextInt(20)),
        }))
        await log.envelopes.keep(enveloped)
        for (const { replica, lastSequence, envelope } of enveloped)
          kept.set(`${replica} ${lastSequence}`, envelope.join())
      }
      const ends = replicas.flatMap((replica) =>
        Array.from({ length: 90 }, (_, lastSequence) => ({
          replica,
          lastSequence: lastSequence as Sequence,
        })),
      )
      const found = await (await open()).envelopes.find(ends)
      expect(found.map((envelope) => envelope?.join())).toEqual(
        ends.map(({ replica, lastSequence }) => kept.get(`${replica} ${lastSequence}`)),
      )
    })

    test('an envelope of no bytes or of too many is not kept, nor one under an epoch that is over', async () => {
      const { log } = await setUp()
      const [none, large] = [1, 2].map((n) => ({ replica: FOREIGN, lastSequence: n as Sequence }))
      await log.envelopes.keep([
        { ...none!, envelope: new Uint8Array(0) },
        { ...large!, envelope: new Uint8Array(MAX_ENVELOPE_BYTES + 1) },
      ])
      const one = { ...none!, envelope: new Uint8Array([1]) }
      await expect(log.envelopes.keep([one], { epoch: 7 })).rejects.toMatchObject({ code: 'SUPERSEDED' })
      expect(await log.envelopes.find([none!, large!])).toEqual([undefined, undefined])
    })

    test('a log that takes over chained commits has the same chains (L3)', async () => {
      const { log } = await setUp()
      const { log: copy } = await setUp()
      for (let i = 0; i < 5; i++) await log.append([note(`${i}`)])
      expect(await exchange(log, copy)).toMatchObject({ merged: 5, duplicates: 0, voided: 0 })
      expect(await exchange(log, copy)).toMatchObject({ merged: 0, duplicates: 5 })
      for (let i = 5; i < 9; i++) await log.append([note(`${i}`)])
      const { commits } = await log.readChained(5 as Offset)
      expect(await mergeChained(copy, commits)).toMatchObject({ merged: 4 })
      expect(plain(await copy.chains())).toEqual(plain(await log.chains()))
    })

    test('a commit that does not continue the chain is a fork, also when the peer is ahead (L3)', async () => {
      const { log, open } = await setUp()
      const first = commitOf([note('a')])
      const ours = commitOf([note('b')], { firstSequence: 2, at: 1 })
      const theirs = commitOf([note('x')], { firstSequence: 2, at: 1 })
      const ahead = commitOf([note('y')], { firstSequence: 3, at: 2 })
      await log.merge([first, ours])
      const h1 = chainHash(CHAIN_START, first)
      const previous = chainHash(h1, theirs)
      for (const reader of [log, await open()]) {
        await expect(reader.merge([theirs], { previous: [h1] })).rejects.toMatchObject({ code: 'FORK' })
        await expect(reader.merge([ahead], { previous: [previous] })).rejects.toMatchObject({
          code: 'FORK',
          facts: { replica: FOREIGN, firstSequence: 3 },
        })
        await expect(
          reader.merge([ahead, commitOf([note('z')], { firstSequence: 4, at: 3 })], {
            previous: [chainHash(h1, ours), CHAIN_START],
          }),
        ).rejects.toMatchObject({ code: 'FORK' })
        expect(await reader.refresh()).toBe(2)
      }
      expect(await log.merge([ahead], { previous: [chainHash(h1, ours)] })).toMatchObject({ merged: 1 })
    })

    test('a stamp over the drift that is asked for is refused', async () => {
      const { log } = await setUp()
      const ahead = commitOf([note('a')], { at: 6 * 60_000 * 1_024 })
      await expect(log.merge([ahead], { maxDriftMs: 300_000 })).rejects.toMatchObject({
        code: 'STAMP_AHEAD',
        facts: { replica: FOREIGN, firstSequence: 1 },
      })
      await expect(log.merge([ahead], { maxDriftMs: 400_000 })).resolves.toMatchObject({ merged: 1 })
    })

    test('reissued commits stand under a new replica, the old ones are gone (L1, L4)', async () => {
      const { log, open } = await setUp()
      const receipts = []
      for (let i = 0; i < 4; i++) receipts.push(await log.append([note(`${i}a`), note(`${i}b`)]))
      const old = log.replica
      const hash = (await log.hashesOf(old, [8]))[0]!
      const other = await open()
      const done = await log.reissue({ replica: old, after: 4 as Sequence })
      expect(done.replica).not.toBe(old)
      expect(log.replica).toBe(done.replica)
      expect(done.receipts.map(({ commitId }) => commitId)).toEqual(
        receipts.slice(2).map(({ commitId }) => commitId),
      )
      expect((await log.vector()).toJSON()).toEqual({ [old]: 4, [done.replica]: 4 })
      for (const reader of [log, other, await open()]) {
        await reader.refresh()
        expect(reader.replica).toBe(done.replica)
        expect((await readStanding(reader)).map(textOf)).toEqual([
          '0a',
          '0b',
          '1a',
          '1b',
          '2a',
          '2b',
          '3a',
          '3b',
        ])
        expect(plain(await reader.chains())).toEqual(plain(await naiveChains(reader)))
        expect(await reader.findReceipt(receipts[3]!)).toEqual(done.receipts[1])
        expect(await reader.findReceipt(receipts[0]!)).toEqual(receipts[0])
      }
      const { commits } = await log.readCommits(8 as Offset)
      expect(replacesOf(headOf(commits[1]!.bytes))).toEqual([{ replica: old, sequence: 8, hash }])
      expect((await other.append([note('z')])).firstSequence).toBe(5)
    })

    test('a reader that had read what is voided hears of it when it passes the marker (L2)', async () => {
      const { log, open } = await setUp()
      const other = await open()
      for (const text of ['a', 'b', 'c']) await log.append([note(text)])
      await other.refresh()
      expect((await readAll(other)).map(textOf)).toEqual(['a', 'b', 'c'])
      await log.reissue({ replica: log.replica, after: 1 as Sequence })
      other.hint(log.head)
      const seen = await readOn(other, 3 as Offset)
      expect(seen.events.map(textOf)).toEqual(['b', 'c'])
      expect(seen.voids.map(({ offset }) => offset)).toEqual([2, 3])
      expect(seen.voids.map(textOf)).toEqual(['b', 'c'])
      for (const maxEvents of [1, 2, 100]) {
        const all = await readOn(await open(), ORIGIN, maxEvents)
        expect(all.events.map(textOf)).toEqual(['a', 'b', 'c'])
        expect(all.events.map(({ offset }) => offset)).toEqual([1, 4, 5])
      }
    })

    test('reissuing by the hub’s time stamps anew and keeps the offset (L4)', async () => {
      const { log, world, open } = await setUp()
      await log.append([note('a')])
      world.clock.ms += 3_600_000
      await log.append([note('b')])
      const early = await log.append([note('c')])
      const { receipts } = await log.reissue({
        replica: log.replica,
        after: 1 as Sequence,
        clockOffsetMs: -3_590_000,
      })
      const times = receipts.map(({ timestamp }) => Math.floor(timestamp / 1_024))
      expect(times).toEqual([START_MS + 10_000, START_MS + 10_000])
      expect(receipts[1]!.timestamp).toBeGreaterThan(receipts[0]!.timestamp)
      expect(receipts[1]!.timestamp).toBeLessThan(early.timestamp)
      world.clock.ms += 5
      for (const each of [log, await open()]) {
        expect(each.clockOffsetMs).toBe(-3_590_000)
        const { timestamp } = await each.append([note('d')])
        expect(Math.floor(timestamp / 1_024)).toBe(START_MS + 10_005)
      }
      expect((await readStanding(log)).map(textOf)).toEqual(['a', 'b', 'c', 'd', 'd'])
    })

    test('what came in a file is no reason to stamp ahead of the hub’s time again (R7)', async () => {
      const { log } = await setUp()
      await log.merge([commitOf([note('ahead')], { at: 3_600_000 * 1_024 })])
      const ahead = await log.append([note('a')])
      const { receipts } = await log.reissue({
        replica: log.replica,
        after: 0 as Sequence,
        clockOffsetMs: 10,
      })
      expect(Math.floor(receipts[0]!.timestamp / 1_024)).toBe(START_MS + 10)
      expect(receipts[0]!.timestamp).toBeLessThan(ahead.timestamp)
    })

    test('nothing to reissue changes nothing', async () => {
      const { log } = await setUp()
      await log.append([note('a')])
      const before = log.replica
      const done = await log.reissue({ replica: before, after: 1 as Sequence })
      expect(done).toEqual({ replica: before, receipts: [], head: 1 })
      expect(await log.refresh()).toBe(1)
    })

    test('what is set aside leaves reading, chains and vector, and the other branch is taken (L3)', async () => {
      const { log, open } = await setUp()
      const first = commitOf([note('a')])
      const loser = [2, 3].map((firstSequence) =>
        commitOf([note(`lost ${firstSequence}`)], { firstSequence, at: firstSequence }),
      )
      const winner = commitOf([note('won')], { firstSequence: 2, at: 1 })
      await log.merge([first, ...loser])
      const h1 = chainHash(CHAIN_START, first)
      await expect(log.merge([winner], { previous: [h1] })).rejects.toMatchObject({ code: 'FORK' })
      expect(await log.setAside(FOREIGN, 1 as Sequence)).toEqual({ events: 2, head: 4 })
      expect(await log.setAside(FOREIGN, 1 as Sequence)).toEqual({ events: 0, head: 4 })
      expect((await log.size()).aside).toBe(2)
      expect((await log.vector()).get(FOREIGN)).toBe(1)
      expect(await log.merge([winner], { previous: [h1] })).toMatchObject({ merged: 1 })
      for (const reader of [log, await open()]) {
        await reader.refresh()
        expect((await readStanding(reader)).map(textOf)).toEqual(['a', 'won'])
        expect((await reader.chains()).get(FOREIGN)).toEqual({ sequence: 2, hash: chainHash(h1, winner) })
        expect(await reader.hashesOf(FOREIGN, [2, 3])).toEqual([chainHash(h1, winner), undefined])
      }
    })

    test('a reissue that comes voids its originals, and they do not come back (L3)', async () => {
      const author = await setUp()
      const bystander = await setUp()
      for (const text of ['a', 'b', 'c']) await author.log.append([note(text)])
      const old = author.log.replica
      const originals = (await author.log.readChained(ORIGIN)).commits
      await mergeChained(bystander.log, originals)
      await author.log.reissue({ replica: old, after: 1 as Sequence })
      const reissued = (await author.log.readChained(3 as Offset)).commits
      expect(reissued).toHaveLength(2)
      expect(await mergeChained(bystander.log, reissued.slice(0, 1))).toMatchObject({ merged: 1, voided: 2 })
      expect((await bystander.log.size()).aside).toBe(1)
      expect(await mergeChained(bystander.log, reissued.slice(1))).toMatchObject({ merged: 1, voided: 0 })
      expect((await bystander.log.size()).aside).toBe(0)
      expect(plain(await bystander.log.chains())).toEqual(plain(await author.log.chains()))
      expect(await mergeChained(bystander.log, originals)).toMatchObject({ merged: 0, duplicates: 3 })
      expect(await bystander.log.merge(originals.map(({ bytes }) => bytes))).toMatchObject({
        merged: 0,
        duplicates: 3,
      })
      expect((await readStanding(bystander.log)).map(textOf)).toEqual(['a', 'b', 'c'])
      const newcomer = await setUp()
      await mergeChained(newcomer.log, [...originals.slice(0, 1), ...reissued])
      expect(await mergeChained(newcomer.log, originals)).toMatchObject({ merged: 0, duplicates: 3 })
      expect(plain(await newcomer.log.chains())).toEqual(plain(await author.log.chains()))
    })

    test('a commit that was reissued twice voids either original (L3)', async () => {
      const author = await setUp()
      const bystander = await setUp()
      const receipt = await author.log.append([note('a')])
      const originals = (await author.log.readChained(ORIGIN)).commits
      await mergeChained(bystander.log, originals)
      await author.log.reissue({ replica: receipt.replica, after: 0 as Sequence })
      const second = await author.log.reissue({ replica: author.log.replica, after: 0 as Sequence })
      const { commits } = await author.log.readChained(ORIGIN)
      expect(commits).toHaveLength(1)
      expect(await mergeChained(bystander.log, commits)).toMatchObject({ merged: 1, voided: 1 })
      expect((await readStanding(bystander.log)).map(textOf)).toEqual(['a'])
      expect(await author.log.findReceipt(receipt)).toEqual(second.receipts[0])
      const found = await bystander.log.findReceipt(receipt)
      expect(found).toMatchObject({ replica: second.replica, offset: 2 })
    })

    test.each(COPIES)(
      'of two reissues of one commit one counts, in whatever order they come (R2, V3): %s',
      async (copy) => {
        const { original, first, second, receipt } = await twoReissues(setUp, copy)
        const orders = [
          [original, first, second],
          [original, second, first],
          [first, second, original],
          [second, original, first],
        ]
        const ends: unknown[] = []
        for (const order of orders) {
          const { log, open } = await setUp()
          for (const commits of order) await mergeChained(log, commits)
          expect(await mergeChained(log, [...first, ...second, ...original])).toMatchObject({ merged: 0 })
          for (const reader of [log, await open()]) {
            const read = await readStanding(reader)
            expect(read.map(textOf).sort()).toEqual(['a', 'b', 'behind'])
            expect((await reader.size()).aside).toBe(0)
            const { replica } = await reader.findReceipt(receipt)
            ends.push([plain(await reader.chains()), placesOf(read), replica])
          }
          expect(plain(await log.chains())).toEqual(plain(await naiveChains(log)))
        }
        for (const end of ends) expect(end).toEqual(ends[0])
      },
    )

    test.each(COPIES)(
      'what counts counts on when it is reissued, and a duplicate stays one (R2, V3): %s',
      async (copy) => {
        const { original, first, second } = await twoReissues(setUp, copy)
        const counts = async (...order: (readonly ChainedCommit[])[]): Promise<unknown> => {
          const { log } = await setUp()
          for (const commits of order) await mergeChained(log, commits)
          const read = await readStanding(log)
          expect(read.map(textOf).sort()).toEqual(['a', 'b', 'behind'])
          return placesOf(read)
        }
        for (const again of ['-AgainAgainAgain', 'zAgainAgainAgain'] as ReplicaId[]) {
          const third = reissueAs(first, again)
          const expected = await counts(original, first, second, third)
          expect(await counts(second, third, original)).toEqual(expected)
          expect(await counts(third, first, second)).toEqual(expected)
        }
      },
    )

    test('a reader that had read what becomes a duplicate hears of it, and its chain stands (L2, R2)', async () => {
      const { original, first, second } = await twoReissues(setUp, LOW)
      const { log } = await setUp()
      for (const commits of [original, second]) await mergeChained(log, commits)
      const { head } = log
      await mergeChained(log, first)
      const seen = await readOn(log, head)
      expect(seen.events.map(textOf)).toEqual(['a', 'b'])
      expect(seen.voids.map(textOf)).toEqual(['a', 'b'])
      expect((await log.vector()).get(second[0]!.replica)).toBe(3)
      expect((await allChained(log, 1_000_000)).map(({ bytes }) => bytes)).toEqual(
        [...second, ...first].map(({ bytes }) => bytes),
      )
    })

    test('what was written here behind a commit that a copy reissued is reissued here, at once (L1, R1)', async () => {
      const { log, open } = await setUp()
      const receipt = await log.append([note('shared')])
      const old = log.replica
      const shared = await allChained(log, 1_000_000)
      const other = await open()
      const mine = await other.append([note('mine'), note('too')])
      expect(await mergeChained(log, reissueAs(shared, HIGH))).toMatchObject({ merged: 1, voided: 3 })
      expect(log.replica).not.toBe(old)
      for (const reader of [log, other, await open()]) {
        expect((await readStanding(reader)).map(textOf)).toEqual(['shared', 'mine', 'too'])
        expect((await reader.size()).aside).toBe(0)
        expect(reader.replica).toBe(log.replica)
        expect([...reader.own].sort()).toEqual([old, log.replica].sort())
        expect(await reader.findReceipt(mine)).toMatchObject({ replica: log.replica })
        expect(await reader.findReceipt(receipt)).toMatchObject({ replica: HIGH })
        expect(plain(await reader.chains())).toEqual(plain(await naiveChains(reader)))
      }
      expect((await other.append([note('next')])).replica).toBe(log.replica)
    })

    test('an id of which commits fell is never written under again (L4)', async () => {
      const { log } = await setUp()
      await log.append([note('shared')])
      const old = log.replica
      await mergeChained(log, reissueAs(await allChained(log, 1_000_000), HIGH))
      expect((await log.append([note('next')])).replica).not.toBe(old)
      expect((await readStanding(log)).map(textOf)).toEqual(['shared', 'next'])
    })

    test('a log that is renewed writes on under a fresh id, in every tab, and nothing else changes (L6)', async () => {
      const { log, open } = await setUp()
      const other = await open()
      await log.append([note('a')])
      await other.append([note('b')])
      const old = log.replica
      const fresh = await log.renew()
      expect(fresh).not.toBe(old)
      const next = await other.append([note('c')])
      expect(next).toMatchObject({ replica: fresh, firstSequence: 1 })
      for (const reader of [log, other, await open()]) {
        expect((await readStanding(reader)).map(textOf)).toEqual(['a', 'b', 'c'])
        expect(reader.replica).toBe(fresh)
        expect([...reader.own].sort()).toEqual([old, fresh].sort())
        expect((await reader.vector()).toJSON()).toEqual({ [old]: 2, [fresh]: 1 })
      }
    })

    test('a handle that reads what another renewed or reissued knows who writes here, and what stands (L6)', async () => {
      const { log, open } = await setUp()
      await log.append([note('a')])
      const other = await open()
      let at = other.head
      for (const act of [
        () => log.renew(),
        () => log.reissue({ replica: log.replica, after: 0 as Sequence }),
      ]) {
        await log.append([note('b')])
        await act()
        other.hint(log.head)
        while (at < other.head) at = (await other.read(at)).through
        expect([other.replica, other.voidsVersion]).toEqual([log.replica, log.voidsVersion])
        expect(other.own).toEqual(log.own)
      }
    })

    test('a handle that appends while another reissues keeps both (L6)', async () => {
      const { log, open } = await setUp()
      const other = await open()
      for (let i = 0; i < 20; i++) await log.append([note(`${i}`)])
      const busy = Array.from({ length: 30 }, (_, i) => other.append([note(`busy ${i}`)]))
      const done = log.reissue({ replica: log.replica, after: 10 as Sequence })
      await Promise.all([...busy, done])
      const texts = (await readStanding(log)).map(textOf)
      expect([...texts].sort()).toEqual(
        [...Array.from({ length: 20 }, (_, i) => `${i}`), ...busy.map((_, i) => `busy ${i}`)].sort(),
      )
      expect(plain(await log.chains())).toEqual(plain(await naiveChains(other)))
    })

    test('the lease is taken by one, and who lost it is refused by name', async () => {
      const { log, open } = await setUp()
      const other = await open()
      expect(await log.lease.read()).toEqual({ epoch: 0, beat: 0, holder: '' })
      const [a, b] = await Promise.all([log.lease.take(0, 'a'), other.lease.take(0, 'b')])
      expect([a, b].filter((lease) => lease !== undefined)).toHaveLength(1)
      const [winner, loser] = a ? [log, other] : [other, log]
      expect(await winner.lease.beat(1)).toMatchObject({ epoch: 1, beat: 1 })
      expect(await loser.lease.take(0, 'late')).toBeUndefined()
      expect(await loser.lease.take(1, 'late')).toEqual({ epoch: 2, beat: 0, holder: 'late' })
      expect(await loser.lease.take(1, 'late')).toEqual({ epoch: 2, beat: 0, holder: 'late' })
      await log.append([note('a')])
      const old = { epoch: 1 }
      const acts = [
        () => winner.lease.beat(1),
        () => winner.merge([commitOf([note('x')])], old),
        () => winner.reissue({ replica: winner.replica, after: 0 as Sequence, ...old }),
        () => winner.setAside(FOREIGN, 0 as Sequence, old),
        () => winner.renew(old),
        () => winner.setClockOffset(5, old),
        () => winner.notes.set('token', 'x', old),
      ]
      for (const act of acts) {
        await expect(act()).rejects.toMatchObject({ code: 'SUPERSEDED', facts: { epoch: 1, storedEpoch: 2 } })
      }
      expect(await log.refresh()).toBe(1)
      expect(await loser.merge([commitOf([note('x')])], { epoch: 2 })).toMatchObject({ merged: 1 })
    })

    test('notes are kept, per name, and forgotten when unset', async () => {
      const { log, open } = await setUp()
      expect(await log.notes.get('hub')).toBeUndefined()
      await log.notes.set('hub', { token: 'x', counts: [1, 2] })
      await log.notes.set('workspace', 'w')
      const other = await open()
      expect(await other.notes.get('hub')).toEqual({ token: 'x', counts: [1, 2] })
      await other.notes.set('hub', undefined)
      expect([await log.notes.get('hub'), await log.notes.get('workspace')]).toEqual([undefined, 'w'])
    })

    test('hardening answers how far it reaches (L5)', async () => {
      const { log } = await setUp()
      expect(await log.harden()).toBe(0)
      await log.append([note('a'), note('b')])
      expect(await log.harden()).toBe(2)
    })

    test('the clock’s offset holds for appends of every handle that sees a later record', async () => {
      const { log, open } = await setUp()
      await log.setClockOffset(2_500)
      const times: number[] = []
      for (const each of [log, await open()]) {
        times.push(Math.floor((await each.append([note('a')])).timestamp / 1_024))
      }
      expect(times).toEqual([START_MS + 2_500, START_MS + 2_500])
    })

    test('a closed log refuses every act by name (L8)', async () => {
      const { log } = await setUp()
      const receipt = await log.append([note('a')])
      await log.close()
      const calls = [
        () => log.chains(),
        () => log.hashesOf(FOREIGN, [1]),
        () => log.readChained(ORIGIN),
        () => log.harden(),
        () => log.reissue({ replica: log.replica, after: 0 as Sequence }),
        () => log.setAside(FOREIGN, 0 as Sequence),
        () => log.renew(),
        () => log.setClockOffset(0),
        () => log.lease.read(),
        () => log.lease.take(0, 'a'),
        () => log.lease.beat(0),
        () => log.notes.get('a'),
        () => log.notes.set('a', 1),
        () => log.findReceipt(receipt),
      ]
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'CLOSED' })
    })
  })
}

/** Ids that sort before and behind all that a log draws. */
const LOW = '-CopyOfAProfile-' as ReplicaId
const HIGH = 'zCopyOfAProfile-' as ReplicaId
const COPIES = [LOW, HIGH]

/** Commits that two copies of a profile reissue, one of them as `copy` and the other, with a commit behind them, by its log. */
async function twoReissues(
  setUp: () => Promise<{ readonly log: Log }>,
  copy: ReplicaId,
): Promise<
  Record<'original' | 'first' | 'second', readonly ChainedCommit[]> & { readonly receipt: Receipt }
> {
  const { log } = await setUp()
  const receipt = await log.append([note('a')])
  await log.append([note('b')])
  const original = await allChained(log, 1_000_000)
  await log.reissue({ replica: log.replica, after: 0 as Sequence })
  await log.append([note('behind')])
  return { original, first: reissueAs(original, copy), second: await allChained(log, 1_000_000), receipt }
}

/** Commits of one replica, written again under another as its author would. */
function reissueAs(commits: readonly ChainedCommit[], replica: ReplicaId): readonly ChainedCommit[] {
  let previous: Uint8Array = CHAIN_START
  return commits.map((commit): ChainedCommit => {
    const head = headOf(commit.bytes)
    const hash = chainHash(commit.previous, commit.bytes)
    const replaces = [...replacesOf(head), { replica: head.replica, sequence: lastSequenceOf(head), hash }]
    const extensions = replaces.map((each) => ({ id: REPLACES, critical: true, value: encodeReplaced(each) }))
    const { commitId, firstSequence, timestamp, count, bodiesAt } = head
    const section = commit.bytes.subarray(commit.bytes[2]! + commit.bytes[3]! * 256, bodiesAt)
    const packed = { commitId, count, head: section, bodies: commit.bytes.subarray(bodiesAt) }
    const bytes = encodeCommit({ replica, commitId, firstSequence, timestamp, extensions }, packed)
    const written = { ...commit, replica, bytes, previous, isOwn: false }
    previous = chainHash(previous, bytes)
    return written
  })
}

function placesOf(events: readonly StoredEvent[]): readonly string[] {
  return events.map((event) => `${textOf(event)} ${event.replica} ${event.sequence}`).sort()
}

/** Everything that one log has, merged into another with its chain. */
export async function exchange(from: Log, to: Log): Promise<MergeResult> {
  return mergeChained(to, await allChained(from, 1_000_000))
}

export function mergeChained(log: Log, commits: readonly ChainedCommit[]): Promise<MergeResult> {
  return log.merge(
    commits.map(({ bytes }) => bytes),
    { previous: commits.map(({ previous }) => previous) },
  )
}

export async function allChained(log: Log, maxBytes: number): Promise<ChainedCommit[]> {
  const commits: ChainedCommit[] = []
  for (let after = ORIGIN; ; ) {
    const batch = await log.readChained(after, { maxBytes })
    if (batch.commits.length === 0) return commits
    commits.push(...batch.commits)
    after = batch.through
  }
}

/** The chains by the definition: every standing commit of the log, from the first on. */
export async function naiveChains(log: Log): Promise<ChainVector> {
  await log.refresh()
  const entries = new Map<ReplicaId, { sequence: Sequence; hash: Uint8Array }>()
  for (let after = ORIGIN; ; ) {
    const { commits, through } = await log.readCommits(after, { maxBytes: 5_000 })
    if (commits.length === 0) return entries
    for (const { bytes } of commits) {
      const { replica, firstSequence, count } = headOf(bytes)
      const hash = chainHash(entries.get(replica)?.hash ?? CHAIN_START, bytes)
      entries.set(replica, { sequence: (firstSequence + count - 1) as Sequence, hash })
    }
    after = through
  }
}

function headOf(bytes: Uint8Array): CommitHead {
  const head = parseCommit(bytes)
  if (head instanceof HeadwaterError) throw head
  return head
}

export function plain(chains: ChainVector): Record<string, [number, string]> {
  const entries = [...chains.entries()].map(([replica, { sequence, hash }]): [string, [number, string]] => [
    replica,
    [sequence, hash.join()],
  ])
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

interface Seen {
  readonly events: readonly StoredEvent[]
  readonly voids: readonly StoredEvent[]
}

/** All batches after an offset: what a view would have folded in the end, and what it was told to take back. */
async function readOn(log: Log, from: Offset, maxEvents = 100): Promise<Seen> {
  const events: StoredEvent[] = []
  const voids: StoredEvent[] = []
  for (let after = from; ; ) {
    const batch = await log.read(after, { maxEvents })
    if (batch.through === after) break
    events.push(...batch.events)
    voids.push(...batch.voids)
    after = batch.through
  }
  const gone = new Set(voids.map(({ offset }) => offset))
  return { events: events.filter(({ offset }) => !gone.has(offset)), voids }
}

/** The events that stand, in the order in which their texts were first written. */
async function readStanding(log: Log): Promise<readonly StoredEvent[]> {
  await log.refresh()
  return (await readOn(log, ORIGIN)).events
}

function textOf({ data }: StoredEvent): string {
  return (data as { id: string }).id
}
