// The same events give the same answers, in whatever order they arrive (V3), wherever a tab stops and goes on (V2), and
// whatever a store keeps of what was written (V4).

import { type Draft, type Log, ORIGIN } from '@headwater/log'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectNaive } from './comparison.ts'
import { createFaultyStore } from './faulty-store.ts'
import {
  Adjusted,
  ask,
  Closed,
  createProfile,
  Deleted,
  Doubled,
  Moved,
  Opened,
  type Profile,
  START_MS,
  scheduler,
  type Tab,
} from './world.ts'

const id = fc.constantFrom('a', 'b', 'c', 'd')
const points = fc.integer({ min: -64, max: 64 })
const draft: fc.Arbitrary<Draft> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ id, points, owner: fc.constantFrom('ann', 'bob') })
      .map((data): Draft => Opened(data)),
  },
  { weight: 2, arbitrary: fc.record({ id, points }).map((data): Draft => Adjusted(data)) },
  { weight: 2, arbitrary: fc.record({ from: id, to: id, points }).map((data): Draft => Moved(data)) },
  ...[Doubled, Closed, Deleted].map((type) => ({
    weight: 1,
    arbitrary: fc.record({ id }).map((data): Draft => type(data)),
  })),
)
const commits = fc.array(fc.array(draft, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })

/** Every commit of a log as its author's bytes. */
async function commitsOf(log: Log): Promise<readonly Uint8Array[]> {
  return (await log.readCommits(ORIGIN)).commits.map(({ bytes }) => bytes)
}

/** What every view of a tab says, as one value. */
async function everythingOf(tab: Tab): Promise<unknown> {
  return [
    await ask(tab, 'items', 'page', 'key'),
    await ask(tab, 'items', 'page', 'byStatus'),
    await ask(tab, 'perStatus', 'range'),
    await ask(tab, 'perOwnerAndDay', 'range'),
  ]
}

async function digestsOf(tab: Tab): Promise<unknown> {
  await ask(tab, 'items', 'count')
  return tab.views.verify('items').then(({ equal, entries }) => ({ equal, entries }))
}

describe('convergence', () => {
  test('replicas that have the same events give the same answers, in whatever order they came (V3)', async () => {
    const replicas = fc.tuple(commits, commits, commits)
    await fc.assert(
      fc.asyncProperty(replicas, fc.nat(), async (written, order) => {
        const sources = written.map((_, i) => createProfile(100 + i))
        for (const [i, source] of sources.entries()) {
          for (const [j, drafts] of written[i]!.entries()) {
            source.clock.ms = START_MS + ((j * 37 + i * 11) % 90)
            await source.append(...drafts)
          }
        }
        const streams = await Promise.all(sources.map(({ log }) => commitsOf(log)))
        const answers: unknown[] = []
        for (let k = 0; k < 3; k++) {
          const reader = createProfile(200 + k)
          const tab = await reader.open()
          await mergeInterleaved(reader, tab, streams, order + k)
          await expectNaive(tab, reader)
          answers.push(await everythingOf(tab), await digestsOf(tab))
          await tab.close()
        }
        expect(answers.slice(2, 4)).toEqual(answers.slice(0, 2))
        expect(answers.slice(4, 6)).toEqual(answers.slice(0, 2))
      }),
      { seed: 71, numRuns: 40 },
    )
  }, 60_000)

  /** Takes from the streams in an order drawn from `order`; folds now and then in between. */
  async function mergeInterleaved(
    reader: Profile,
    tab: Tab,
    streams: readonly (readonly Uint8Array[])[],
    order: number,
  ): Promise<void> {
    const left = streams.map((stream) => [...stream])
    for (let turn = order; left.some((stream) => stream.length > 0); turn = (turn * 5 + 3) % 1_009) {
      const commit = left[turn % left.length]!.shift()
      if (commit) await reader.log.merge([commit])
      if (turn % 4 === 0) await ask(tab, 'items', 'count')
      if (turn % 7 === 0) await tab.views.checkpoint()
    }
  }

  test('a tab that opens at any point of a run goes on as if it had always been there (V2)', async () => {
    const profile = createProfile(8)
    const writer = await profile.open()
    for (let step = 0; step < 30; step++) {
      profile.clock.ms += step % 3
      await profile.append(
        Opened({ id: `k${step % 7}`, points: step, owner: `o${step % 3}` }),
        Moved({ from: `k${step % 5}`, to: `k${step % 7}`, points: 1 }),
        ...(step % 6 === 5 ? [Deleted({ id: `k${step % 4}` })] : []),
      )
      if (step % 4 === 1) await writer.views.checkpoint()
      const tab = await profile.open()
      await expectNaive(tab, profile)
      await tab.close()
    }
    await writer.close()
  })

  test('whichever write of a checkpoint fails, what is stored is one whole moment (V4)', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at <= 6; at++) {
        const profile = createProfile(at)
        const store = createFaultyStore(profile.store)
        const tab = await profile.open(undefined, { store })
        for (let i = 0; i < 12; i++) await profile.append(Opened({ id: `k${i}`, points: i, owner: 'ann' }))
        await ask(tab, 'items', 'count')
        await tab.views.checkpoint()
        for (let i = 0; i < 9; i++) await profile.append(Moved({ from: `k${i}`, to: 'k11', points: i }))
        await ask(tab, 'items', 'count')
        store.failAt(store.writes + at, when)
        await tab.views.checkpoint().then(undefined, () => undefined)
        await expectNaive(tab, profile)
        await tab.close()
        const again = await profile.open()
        await expectNaive(again, profile)
        expect((await again.views.verify('items')).equal).toBe(true)
        await again.close()
      }
    }
  })

  test('checkpoints that race with folding store what belongs to their position (V4)', async () => {
    const profile = createProfile(9)
    const tab = await profile.open()
    for (let round = 0; round < 12; round++) {
      const storing: Promise<void>[] = []
      for (let i = 0; i < 20; i++) {
        await tab.log.append([Opened({ id: `k${i % 6}`, points: 1 }), Doubled({ id: `k${i % 5}` })])
        if (i % 3 === round % 3) storing.push(tab.views.checkpoint())
        if (i % 2 === 0) await scheduler.nextTurn()
        if (i % 7 === 3) await expectNaiveIn(profile)
      }
      await Promise.all(storing)
      await expectNaiveIn(profile)
      await expectNaive(tab, profile)
    }
    await tab.close()
  })

  /** What a tab that opens now says, from the base as it is now stored. */
  async function expectNaiveIn(profile: Profile): Promise<void> {
    const other = await profile.open()
    await expectNaive(other, profile)
    await other.close()
  }

  test('a base from another log, or from beyond the log, is never used', async () => {
    const profile = createProfile(10)
    const tab = await profile.open()
    await profile.append(Opened({ id: 'a', points: 1 }), Opened({ id: 'b', points: 2 }))
    await ask(tab, 'items', 'count')
    await tab.views.checkpoint()
    await tab.close()
    const other = createProfile(11)
    await other.append(Opened({ id: 'c', points: 3 }))
    const elsewhere = await other.open(undefined, { store: profile.store })
    await expectNaive(elsewhere, other)
    await elsewhere.close()
    profile.logStore.records.length = 0
    profile.logStore.head = createProfile(10).logStore.head
    const vanished = await profile.open()
    expect(await ask(vanished, 'items', 'count')).toBe(0)
    await profile.append(Opened({ id: 'd', points: 3 }))
    await expectNaive(vanished, profile)
    await vanished.close()
  })
})
