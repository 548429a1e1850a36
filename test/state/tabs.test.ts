// Two or three tabs on one store, their steps interleaved by chance at every call of the store: every answer is
// compared with the naive twin at the tab's own position. A failure prints seed and path.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryLocks, type Locks } from '../../packages/views/src/locks.ts'
import type { BaseStore } from '../../packages/views/src/state/base-store.ts'
import { createMemoryBases } from '../../packages/views/src/state/memory-base-store.ts'
import { sweep } from '../../packages/views/src/state/sweep.ts'
import { keyName, MAPS, openTab, type Question, type Tab } from './tabs.ts'
import { createClock } from './world.ts'

type Step =
  | { readonly type: 'fold'; readonly events: number }
  | { readonly type: 'ask'; readonly questions: readonly Question[] }
  | { readonly type: 'rebuild'; readonly interimAt: number }
  | {
      readonly type:
        | 'checkpoint'
        | 'checkpointBeside'
        | 'adopt'
        | 'sweep'
        | 'reopen'
        | 'crash'
        | 'loseCompletion'
        | 'wipe'
    }

const key = fc.integer({ min: 0, max: 61 }).map(keyName)
const bound = fc.option(key, { nil: undefined })
const skip = fc.option(fc.integer({ min: 0, max: 62 }), { nil: undefined })
const question: fc.Arbitrary<Question> = fc.record({
  map: fc.constantFrom(...MAPS),
  key,
  range: fc
    .record({ gte: bound, gt: bound, lte: bound, lt: bound, reverse: fc.boolean(), skip })
    .map((range) => Object.fromEntries(Object.entries(range).filter(([, value]) => value !== undefined))),
  limit: fc.constantFrom(1, 5, 1000),
})
const ask = fc.record({
  type: fc.constant('ask' as const),
  questions: fc.array(question, { minLength: 1, maxLength: 4 }),
})
const fold = fc.record({ type: fc.constant('fold' as const), events: fc.integer({ min: 1, max: 60 }) })
const rebuild = fc.record({
  type: fc.constant('rebuild' as const),
  interimAt: fc.integer({ min: 0, max: 100 }),
})
const plain = (...types: readonly Exclude<Step['type'], 'fold' | 'ask' | 'rebuild'>[]): fc.Arbitrary<Step> =>
  fc.constantFrom(...types).map((type) => ({ type }))

const usual = fc.oneof(
  { weight: 4, arbitrary: fold },
  { weight: 6, arbitrary: ask },
  { weight: 6, arbitrary: plain('checkpoint', 'checkpointBeside', 'adopt', 'sweep') },
  { weight: 1, arbitrary: plain('reopen', 'crash', 'loseCompletion') },
  { weight: 1, arbitrary: rebuild },
)
const withWipes = fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: plain('wipe') })

interface Place {
  readonly store: BaseStore
  readonly locks: Locks
  readonly cacheBytes: number
  readonly mayLose: boolean
  readonly wipe: () => void
}

async function live(place: Place, steps: readonly Step[]): Promise<Tab> {
  let tab = await openTab(place)
  let beside: Promise<unknown> = Promise.resolve()
  const take = async (step: Step): Promise<unknown> => {
    switch (step.type) {
      case 'fold':
        return tab.fold(step.events)
      case 'ask':
        return tab.ask(step.questions)
      case 'rebuild':
        await beside
        return tab.rebuild(step.interimAt)
      case 'checkpoint':
        return tab.checkpoint()
      case 'checkpointBeside':
        beside = Promise.all([beside, tab.checkpoint()])
        return
      case 'adopt':
        return tab.adopt()
      case 'sweep':
        return sweep({ store: place.store, locks: place.locks, lockScope: 'test', clock: createClock() })
      case 'loseCompletion':
        return tab.loseNextCompletion()
      case 'wipe':
        return place.wipe()
      case 'reopen':
        await beside
        tab.close()
        tab = await openTab(place)
        return
      case 'crash':
        tab.crash()
        beside = Promise.resolve()
        tab = await openTab(place)
    }
  }
  for (const step of steps) await take(step)
  await beside
  return tab
}

function interleaved(store: BaseStore, scheduler: fc.Scheduler): BaseStore {
  const after = <T>(name: string, call: () => Promise<T>): Promise<T> =>
    scheduler.schedule(Promise.resolve(), name).then(call)
  return {
    epoch: () => after('epoch', () => store.epoch()),
    putPages: (pages) => after('putPages', () => store.putPages(pages)),
    getPages: (ids) => after('getPages', () => store.getPages(ids)),
    putManifest: (draft) => after('putManifest', () => store.putManifest(draft)),
    current: (lineage) => after('current', () => store.current(lineage)),
    manifests: () => after('manifests', () => store.manifests()),
    getManifest: (id) => after('getManifest', () => store.getManifest(id)),
    raiseEpoch: () => after('raiseEpoch', () => store.raiseEpoch()),
    pageIds: () => after('pageIds', () => store.pageIds()),
    remove: (manifests, pages) => after('remove', () => store.remove(manifests, pages)),
    size: () => after('size', () => store.size()),
    close: () => after('close', () => store.close()),
  }
}

const everything: readonly Question[] = MAPS.flatMap((map) =>
  [false, true].map((reverse) => ({ map, key: keyName(3), range: { reverse }, limit: 1000 })),
)

function property(
  step: fc.Arbitrary<Step>,
  tabs: number,
  mayLose = false,
): fc.IAsyncProperty<[fc.Scheduler, Step[][], number]> {
  const scripts = fc.array(fc.array(step, { maxLength: 40, size: 'max' }), {
    minLength: tabs,
    maxLength: tabs,
  })
  return fc.asyncProperty(
    fc.scheduler(),
    scripts,
    fc.constantFrom(0, 400_000, 8_000_000),
    async (s, steps, cacheBytes) => {
      const bases = createMemoryBases()
      const locks = createMemoryLocks()
      const place = {
        store: interleaved(bases.open(), s),
        locks,
        cacheBytes,
        mayLose,
        wipe: () => bases.destroy(),
      }
      const run = Promise.all(steps.map((script) => live(place, script)))
      const opened = await s.waitFor(run)
      const quiet = { ...place, store: bases.open() }
      for (const tab of opened) await s.waitFor(tab.ask(everything))
      await sweep({ store: quiet.store, locks, lockScope: 'test', clock: createClock() })
      for (const tab of opened) await s.waitFor(tab.ask(everything))
      await expectSound(quiet.store)
      const late = await openTab(quiet)
      await late.ask(everything)
    },
  )
}

/** Every page that a manifest lists is there; after a quiet sweep no other page is. */
async function expectSound(store: BaseStore): Promise<void> {
  const listed = new Set((await store.manifests()).flatMap(({ pages }) => pages))
  expect(new Set(await store.pageIds())).toEqual(listed)
}

test('two tabs, one checkpointing while the other reads pages, adopts, closes or crashes: neither ever answers from a mixture; unpinned pages are swept, pinned ones never (V2, V4)', async () => {
  await fc.assert(property(usual, 2), { numRuns: 120, seed: 20_261_122 })
}, 60_000)

test('the same holds for three tabs (V2, V4)', async () => {
  await fc.assert(property(usual, 3), { numRuns: 50, seed: 7 })
}, 60_000)

test('the database of the bases deleted, also while open: every tab starts over and answers rightly (V2)', async () => {
  const wiping = property(withWipes, 2, true)
  await fc.assert(wiping, { numRuns: 80, seed: 99 })
}, 60_000)
