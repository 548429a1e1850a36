// The past: views as they stood at an offset answer as if nothing had come behind it (V2, V7), whatever was stored, merged,
// voided or parked meanwhile, and leave the live ones alone.

import { type Draft, type Log, type Offset, ORIGIN, type Scheduler, type Sequence } from '@headwater/log'
import { type PastViews, table } from '@headwater/views'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { pinName } from '../../packages/views/src/state/pin.ts'
import { allChained } from '../contract/log-exchange.contract.ts'
import { draft } from './any-draft.ts'
import { expectAggregates, expectNaive, expectTable } from './comparison.ts'
import {
  Adjusted,
  allEvents,
  ask,
  Closed,
  closeTabs,
  createProfile,
  Deleted,
  Doubled,
  everything,
  folds,
  type Item,
  Moved,
  mergeAll,
  Opened,
  openTab,
  type Profile,
  scheduler,
  type Tab,
} from './world.ts'

afterEach(closeTabs)

const drafts = fc.array(draft, { minLength: 1, maxLength: 4 })
const aheadMs = fc.constantFrom(-5, 0, 1, 50)
/** Offsets before the head: mostly few. */
const back = fc.oneof(fc.nat(6), fc.nat(60))

type Step =
  | { readonly type: 'append' | 'foreign'; readonly drafts: readonly Draft[]; readonly aheadMs: number }
  | { readonly type: 'merge' | 'checkpoint' | 'reopen' }
  | { readonly type: 'reissue' | 'setAside'; readonly keep: number }
  | { readonly type: 'look' | 'close'; readonly at: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constantFrom('append' as const, 'foreign'), drafts, aheadMs }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('merge' as const, 'checkpoint', 'reopen') }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('reissue' as const, 'setAside'), keep: fc.nat(6) }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom('look' as const, 'close'), at: back }) },
)

/** What is open, with the offset and the events that it was opened with. */
interface Look {
  readonly past: PastViews
  readonly events: Awaited<ReturnType<typeof allEvents>>
}

test('views at an offset answer like naive twins of the events up to it, now and later (V2, V7)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const profile = createProfile(3)
      const other = createProfile(4)
      let tab = await profile.open(everything, { bounds: { keptBefore: 2 } })
      let looks: readonly Look[] = []
      for (const each of steps) {
        if (each.type === 'append' || each.type === 'foreign') {
          const who = each.type === 'append' ? profile : other
          who.clock.ms += each.aheadMs
          await who.append(...each.drafts)
        } else if (each.type === 'merge') await mergeStanding(other, profile)
        else if (each.type === 'checkpoint') await store(tab)
        else if (each.type === 'reissue') await reissue(profile.log, each.keep)
        else if (each.type === 'setAside') await setAside(profile.log, other.log, each.keep)
        else if (each.type === 'look') looks = [...looks, await lookAt(tab, profile, each.at)]
        else {
          const gone = each.type === 'close' ? looks.slice(each.at % 3, (each.at % 3) + 1) : looks
          for (const { past } of gone) await past.close()
          looks = looks.filter((look) => !gone.includes(look))
        }
        if (each.type === 'reopen') {
          await tab.close()
          tab = await profile.open(everything, { bounds: { keptBefore: 2 } })
        }
      }
      for (const look of looks) await expectPast(tab, look)
      await expectNaive(tab, profile)
      await tab.close()
    }),
    { seed: 20_261_127, numRuns: 50 },
  )
}, 120_000)

/** Stores bases that are folded up to the head. */
async function store(tab: Tab): Promise<void> {
  await ask(tab, 'items', 'count')
  await tab.views.checkpoint()
}

/** Opens a moment and compares. */
async function lookAt(tab: Tab, { log }: Profile, at: number): Promise<Look> {
  await tab.log.refresh()
  const end = await tab.log.lastCommit(Math.max(0, tab.log.head - at) as Offset)
  const offset = end?.offset ?? ORIGIN
  const progress: number[] = []
  const past = await tab.views.past(offset, { onProgress: ({ done }) => progress.push(done) })
  expect(progress).toEqual([...progress].sort((a, b) => a - b))
  const look = { past, events: (await allEvents(log)).filter((event) => event.offset <= offset) }
  await expectPast(tab, look)
  return look
}

async function expectPast({ log, views }: Tab, { past, events }: Look): Promise<void> {
  const query: PastViews['query'] = (...asked) => past.query(...asked)
  const then: Tab = { log, views: { ...views, query }, close: () => past.close() }
  await expectTable(then, events)
  await expectAggregates(then, events)
}

async function mergeStanding(from: Profile, to: Profile): Promise<void> {
  // What was set aside here is another branch there, which a merge refuses until it is reissued.
  await mergeAll(from.log, to.log).catch((error: unknown) => expect(error).toMatchObject({ code: 'FORK' }))
}

async function reissue(log: Log, keep: number): Promise<void> {
  await log.reissue({ replica: log.replica, after: await cutOf(log, log, keep) })
}

async function setAside(log: Log, other: Log, keep: number): Promise<void> {
  await log.setAside(other.replica, await cutOf(log, other, keep))
}

/** The sequence behind which about all but `keep` of a replica's commits lie. */
async function cutOf(log: Log, { replica }: Log, keep: number): Promise<Sequence> {
  const last = (await allChained(log, 1_000_000)).filter((each) => each.replica === replica).slice(0, keep)
  const cut = last.at(-1)
  return (cut ? cut.firstSequence + cut.count - 1 : 0) as Sequence
}

test('what a base had folded before it was voided is in no moment (V2)', async () => {
  const profile = createProfile(9)
  const tab = await openTab(profile)
  await profile.append(Opened({ id: 'a', points: 1, owner: 'ann' }), Opened({ id: 'b', points: 2 }))
  await profile.append(Adjusted({ id: 'a', points: 7 }))
  await profile.append(Deleted({ id: 'b' }), Moved({ from: 'a', to: 'c', points: 1 }))
  await store(tab)
  const before = await lookAt(tab, profile, 0)
  await reissue(profile.log, 1)
  expect(before.past.offset).toBe(5)
  await expectPast(tab, before) // what is open does not change
  const after = await lookAt(tab, profile, 4)
  expect([after.past.offset, after.events.length]).toEqual([2, 2])
  const later = await lookAt(tab, profile, 2)
  expect([later.past.offset, later.events.length]).toEqual([6, 3])
  for (const { past } of [before, after, later]) await past.close()
})

test('a view that stands still before a moment says so there; before that, and beside it, all is answered (V6)', async () => {
  const fragile = table<Item>('fragile')
    .on(Opened, folds.opened)
    .on(Doubled, () => {
      throw new Error('cannot double')
    })
  const profile = createProfile(11)
  const tab = await openTab(profile, [...everything, fragile])
  await profile.append(Opened({ id: 'a', points: 1 }))
  await profile.append(Doubled({ id: 'a' }))
  await profile.append(Opened({ id: 'b', points: 2 }))
  const count = (past: PastViews, view: string) => past.query({ view, method: 'count', args: [] })
  const before = (await lookAt(tab, profile, 2)).past
  expect((await count(before, 'fragile')).value).toBe(1)
  for (const back of [1, 0]) {
    const { past } = await lookAt(tab, profile, back)
    await expect(count(past, 'fragile')).rejects.toMatchObject({ code: 'VIEW_PARKED' })
    expect((await count(past, 'items')).value).toBe(2 - back)
  }
  await expect(count(before, 'nothing')).rejects.toMatchObject({ code: 'VIEW_UNKNOWN' })
})

test('opening, asking and closing moments changes nothing of the live views', async () => {
  const profile = createProfile(12)
  const tab = await openTab(profile, everything, { bounds: { keptBefore: 2 } })
  for (let i = 0; i < 8; i++) await profile.append(Opened({ id: `${i}`, points: i }), Closed({ id: '1' }))
  await store(tab)
  await profile.append(Doubled({ id: '1' }))
  await ask(tab, 'items', 'count')
  const changes: unknown[] = []
  tab.views.onChanges((change) => changes.push(change))
  const answer = await tab.views.query({ view: 'items', method: 'range', args: ['key'] })
  const [status, pages, manifests] = await liveState(tab, profile)
  for (const back of [0, 1, 5, 16]) await (await lookAt(tab, profile, back)).past.close()
  expect(await liveState(tab, profile)).toEqual([status, pages, manifests])
  expect(changes).toEqual([])
  expect(await tab.views.query({ view: 'items', method: 'range', args: ['key'] })).toEqual(answer)
})

async function liveState({ views }: Tab, { store: bases }: Profile): Promise<readonly unknown[]> {
  const status = views.status().map((each) => ({ ...each, ratePerSecond: undefined }))
  return [status, await bases.pageIds(), await bases.manifests()]
}

test('the base that moments begin from stays for as long as one is open or kept, and no longer', async () => {
  const timers = createTimers()
  const profile = createProfile(13)
  const tab = await openTab(profile, everything, { bounds: { keptBefore: 2 }, scheduler: timers.scheduler })
  for (let i = 0; i < 4; i++) await profile.append(Opened({ id: `${i}`, points: i }))
  await store(tab)
  for (let i = 4; i < 9; i++) await profile.append(Opened({ id: `${i}`, points: i }))
  const base = (await profile.store.manifests()).at(-1)
  const looks = [await lookAt(tab, profile, 0), await lookAt(tab, profile, 1)]
  await store(tab) // another base takes its place
  const isFree = async (): Promise<boolean> => {
    const hold = await profile.locks.exclusiveIfFree(pinName('test', base!.id))
    hold?.release()
    return hold !== undefined
  }
  for (const { past } of looks) {
    expect(await isFree()).toBe(false)
    await past.close()
    await past.close()
  }
  expect(await isFree()).toBe(false)
  timers.pass(10_000)
  expect(await isFree()).toBe(true)
  const last = await lookAt(tab, profile, 0)
  await tab.views.close()
  await expect(last.past.query({ view: 'items', method: 'count', args: [] })).rejects.toMatchObject({
    code: 'CLOSED',
  })
  await expect(tab.views.past(ORIGIN)).rejects.toMatchObject({ code: 'CLOSED' })
  for (const { id } of await profile.store.manifests())
    expect(await profile.locks.exclusiveIfFree(pinName('test', id))).toBeDefined()
})

/** Real turns and short timers; those of ten seconds and more are let run out by tests. */
function createTimers(): { readonly scheduler: Scheduler; readonly pass: (ms: number) => void } {
  let nowMs = 0
  let timers: readonly { readonly dueMs: number; readonly run: () => void }[] = []
  return {
    scheduler: {
      ...scheduler,
      after(delayMs, run) {
        if (delayMs < 10_000) return scheduler.after(delayMs, run)
        const timer = { dueMs: nowMs + delayMs, run }
        timers = [...timers, timer]
        return () => {
          timers = timers.filter((each) => each !== timer)
        }
      },
    },
    pass(ms) {
      nowMs += ms
      const due = timers.filter(({ dueMs }) => dueMs <= nowMs)
      timers = timers.filter((each) => !due.includes(each))
      for (const { run } of due) run()
    },
  }
}

test('opening tells how far it is, and ends where it is aborted or the views are closed (D4)', async () => {
  const profile = createProfile(14)
  const tab = await openTab(profile)
  for (let i = 0; i < 3; i++)
    await profile.append(...Array.from({ length: 1_500 }, (_, n) => Opened({ id: `${i}-${n}`, points: n })))
  const head = await tab.log.refresh()
  const told: { readonly done: number; readonly total: number }[] = []
  await (await tab.views.past(head, { onProgress: (progress) => told.push(progress) })).close()
  expect(told.map(({ done }) => done)).toEqual([...new Set(told.map(({ done }) => done))])
  expect(told.at(-1)).toEqual({ done: head, total: head })
  const abort = new AbortController()
  const aborted = tab.views.past(head, { signal: abort.signal, onProgress: () => abort.abort() })
  await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
  const ended = tab.views.past(head, { onProgress: () => void tab.views.close() })
  await expect(ended).rejects.toMatchObject({ code: 'CLOSED' })
})
