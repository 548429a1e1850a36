// What is voided leaves the views: commits that are reissued, set aside, or replaced by a peer's, wherever a tab has come to,
// stops or goes on (V2, V4), and on every replica alike (V3).

import { type Draft, isHeadwaterError, type Log, ORIGIN, type Sequence } from '@headwater/log'
import { type TableDefinition, table } from '@headwater/views'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allChained, exchange, plain } from '../contract/log-exchange.contract.ts'
import { draft } from './any-draft.ts'
import { expectNaive, expectTable } from './comparison.ts'
import {
  Adjusted,
  allEvents,
  ask,
  byOwner,
  byStatus,
  bySteps,
  Closed,
  createProfile,
  Deleted,
  Doubled,
  folds,
  type Item,
  Moved,
  movedKeys,
  Opened,
  type Profile,
  scheduler,
  statusOf,
  type Tab,
} from './world.ts'

const drafts = fc.array(draft, { minLength: 1, maxLength: 3 })

type Step =
  | { readonly type: 'append'; readonly who: number; readonly drafts: readonly Draft[]; readonly ms: number }
  | {
      readonly type: 'reissue'
      readonly who: number
      readonly keep: number
      readonly offsetMs: number | undefined
    }
  | { readonly type: 'send'; readonly who: number; readonly to: number }
  | { readonly type: 'checkpoint' | 'open' | 'ask'; readonly who: number }

const who = fc.nat(2)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      who,
      drafts,
      ms: fc.integer({ min: -5, max: 9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('reissue' as const),
      who,
      keep: fc.nat(4),
      offsetMs: fc.constantFrom(undefined, -7, 3),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('send' as const), who, to: who }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('checkpoint', 'open', 'ask'), who }) },
)

/** The sequence behind which about all but `keep` of a log's own commits lie. */
async function cutOf(log: Log, keep: number): Promise<Sequence> {
  const own = (await allChained(log, 1_000_000)).filter(({ replica }) => replica === log.replica)
  const last = own.slice(0, keep).at(-1)
  return (last ? last.firstSequence + last.count - 1 : 0) as Sequence
}

test('replicas that reissue and exchange end with the same commits, chains and answers (V2, V3)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
      const profiles = [1, 2, 3].map((seed) => createProfile(seed * 13))
      const tabs = await Promise.all(profiles.map((profile) => profile.open()))
      for (const each of steps) {
        const profile = profiles[each.who]!
        if (each.type === 'append') {
          profile.clock.ms += each.ms
          await profile.append(...each.drafts)
        } else if (each.type === 'reissue') {
          const after = await cutOf(profile.log, each.keep)
          const clock = each.offsetMs === undefined ? {} : { clockOffsetMs: each.offsetMs }
          await profile.log.reissue({ replica: profile.log.replica, after, ...clock })
        } else if (each.type === 'send') await send(profile, profiles[each.to]!)
        else if (each.type === 'checkpoint') await tabs[each.who]!.views.checkpoint()
        else if (each.type === 'ask') await expectNaive(tabs[each.who]!, profile)
        else {
          const tab = await profile.open()
          await expectNaive(tab, profile)
          await tab.close()
        }
      }
      for (let round = 0; round < 3; round++)
        for (const from of profiles) for (const to of profiles) await send(from, to)
      const ends = []
      for (const [i, profile] of profiles.entries()) {
        await expectNaive(tabs[i]!, profile)
        expect((await tabs[i]!.views.verify('items')).equal).toBe(true)
        ends.push({
          chains: plain(await profile.log.chains()),
          vector: (await profile.log.vector()).toJSON(),
          rows: await ask(tabs[i]!, 'items', 'page', 'key'),
          groups: await ask(tabs[i]!, 'perStatus', 'range'),
          aside: (await profile.log.size()).aside,
        })
        await tabs[i]!.close()
      }
      expect(ends[1]).toEqual(ends[0])
      expect(ends[2]).toEqual(ends[0])
      expect(ends[0]?.aside).toBe(0)
    }),
    { seed: 20_260_303, numRuns: 60 },
  )
}, 120_000)

/** All that one has, commit by commit where a chain of the other has moved on: a fork resolves when its reissue comes. */
async function send(from: Profile, to: Profile): Promise<void> {
  if (from === to) return
  try {
    await exchange(from.log, to.log)
  } catch (error) {
    if (!isHeadwaterError(error, 'FORK') && !isHeadwaterError(error, 'SEQUENCE_GAP')) throw error
    for (const commit of await allChained(from.log, 1_000_000)) {
      await to.log.merge([commit.bytes], { previous: [commit.previous] }).catch((refused: unknown) => {
        if (!isHeadwaterError(refused, 'FORK') && !isHeadwaterError(refused, 'SEQUENCE_GAP')) throw refused
      })
    }
  }
}

test('a table that stops anywhere around a reissue goes on to the same rows (V2, V4)', async () => {
  for (let stop = 0; stop <= 8; stop++) {
    const profile = createProfile(40 + stop)
    const tab = await profile.open()
    const acts = [
      () => profile.append(Opened({ id: 'a', points: 1, owner: 'ann' })),
      () => profile.append(Adjusted({ id: 'a', points: 7 }), Moved({ from: 'a', to: 'b', points: 2 })),
      () => profile.append(Opened({ id: 'b', points: 3 }), Deleted({ id: 'a' })),
      () => profile.log.reissue({ replica: profile.log.replica, after: 1 as Sequence }),
      () => profile.append(Doubled({ id: 'b' })),
      () => profile.log.setAside(profile.log.replica, 1 as Sequence),
      () => profile.append(Opened({ id: 'a', points: 9 })),
    ]
    for (const [i, act] of acts.entries()) {
      await act()
      if (i === stop || stop === 8) await expectNaive(tab, profile)
      if (i === stop) await tab.views.checkpoint()
      const other = await profile.open()
      await expectNaive(other, profile)
      await other.close()
    }
    await expectNaive(tab, profile)
    expect((await tab.views.verify('items')).equal).toBe(true)
    await tab.close()
    const again = await profile.open()
    await expectNaive(again, profile)
    await again.close()
  }
})

/** Lets a tab fold what the log holds, or park. */
async function settled(tab: Tab): Promise<void> {
  const head = await tab.log.refresh()
  for (let turns = 0; turns < 500; turns++) {
    const { state, position } = statusOf(tab)
    if (state === 'parked' || position >= head) return
    await scheduler.nextTurn()
  }
}

/** The table of the others, whose fold of `adjusted` or `moved` fails while it is broken. */
function breakableItems(fault: { isBroken: boolean }): TableDefinition {
  const mayFail = (row: Item | undefined): void => {
    if (fault.isBroken && row) throw new Error('broken')
  }
  return table<Item>('items')
    .on(Opened, folds.opened)
    .on(Doubled, folds.doubled)
    .on(Adjusted, (row, event) => {
      mayFail(row)
      return folds.adjusted(row, event)
    })
    .on(Closed, folds.closed)
    .on(Deleted, folds.deleted)
    .on(
      Moved,
      (row, event, key) => {
        mayFail(row)
        return folds.moved(row, event, key)
      },
      { key: movedKeys },
    )
    .index('byStatus', byStatus)
    .index('byOwner', byOwner)
    .indexEach('byStep', bySteps)
}

test('a table parked in the middle of a batch that voids stores a base from which a mended one goes on (V2, V4)', async () => {
  let parked = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          drafts,
          fc.constantFrom('append', 'append', 'append', 'look', 'look broken', 'void', 'reissue'),
          fc.nat(6),
        ),
        { minLength: 6, maxLength: 25 },
      ),
      async (steps) => {
        const profile = createProfile(77)
        const fault = { isBroken: false }
        let tab = await profile.open([breakableItems(fault)])
        for (const [some, type, keep] of steps) {
          if (type === 'append') await profile.append(...some)
          else if (type === 'void')
            await profile.log.setAside(profile.log.replica, await cutOf(profile.log, keep))
          else if (type === 'reissue')
            await profile.log.reissue({ replica: profile.log.replica, after: await cutOf(profile.log, keep) })
          else {
            fault.isBroken = type === 'look broken'
            await settled(tab)
            if (tab.views.status()[0]?.state === 'parked') parked++
            await tab.views.checkpoint()
            const mended = await profile.open([breakableItems({ isBroken: false })])
            await expectTable(mended, await allEvents(profile.log))
            expect((await mended.views.verify('items')).equal).toBe(true)
            await mended.close()
            if (keep % 2 === 0) {
              await tab.close()
              fault.isBroken = false
              tab = await profile.open([breakableItems(fault)])
            }
          }
        }
        await tab.close()
      },
    ),
    { seed: 20_260_304, numRuns: 60 },
  )
  expect(parked).toBeGreaterThan(0)
}, 240_000)

test('commits that are passed over are counted in the status, also after opening again', async () => {
  const author = createProfile(61)
  await author.append(Opened({ id: 'a', points: 1 }), Closed({ id: 'a' }))
  await author.append(Opened({ id: 'b', points: 2 }))
  const { commits } = await author.log.readCommits(ORIGIN)
  const reader = createProfile(62, [Opened, Doubled, Adjusted, Deleted, Moved])
  await reader.log.merge(commits.map(({ bytes }) => bytes))
  for (let round = 0; round < 2; round++) {
    const tab = await reader.open()
    expect(await ask(tab, 'items', 'count')).toBe(1)
    expect(tab.views.status()[0]).toMatchObject({ name: 'items', skipped: 1, quarantined: 0 })
    await tab.views.checkpoint()
    await tab.close()
  }
})
