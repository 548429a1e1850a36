// Views over tabs, time and deadlines: queries wait for what they must include and end by their deadline (D1, D4); bases
// are stored when it is due, by the leader or past the bound; other tabs take them over; status tells it all.

import { createEventRegistry, defineEvent, HeadwaterError, type Offset, openMemoryLog } from '@headwater/log'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import { isCheckpointDue } from '../../packages/views/src/checkpoint-policy.ts'
import { expectNaive } from './comparison.ts'
import { createFaultyStore } from './faulty-store.ts'
import {
  Adjusted,
  ask,
  Closed,
  closeTabs,
  createProfile,
  Deleted,
  everything,
  items,
  Opened,
  openTab,
  scheduler,
  statusOf,
} from './world.ts'

afterEach(closeTabs)

const get = (key: string) => ({ view: 'items', method: 'get', args: [key] }) as const

describe('taking over', () => {
  test('a base made between two commits that were folded in one step leaves nothing of before behind (V2, V7)', async () => {
    const profile = createProfile()
    await profile.append(Opened({ id: 'a', points: 1 }))
    const one = await openTab(profile)
    await ask(one, 'items', 'count')
    await one.views.checkpoint()
    const other = await openTab(profile)
    await ask(other, 'items', 'count')
    await profile.append(Adjusted({ id: 'a', points: 2 }), Opened({ id: 'b', points: 1 }))
    await ask(one, 'items', 'count')
    await one.views.checkpoint()
    await profile.append(Adjusted({ id: 'a', points: 3 }), Deleted({ id: 'b' }))
    await expectNaive(other, profile)
    other.views.noticeCheckpoint()
    await expectNaive(other, profile)
    await other.views.checkpoint()
    await expectNaive(await openTab(profile), profile)
  })
})

describe('waiting', () => {
  test('the first query after opening answers from the head found then', async () => {
    const profile = createProfile()
    for (let i = 0; i < 300; i++) await profile.append(Opened({ id: 'a', points: i }))
    const tab = await openTab(profile)
    const answer = await tab.views.query(get('a'))
    expect(answer).toMatchObject({ position: 300, value: { points: 299 } })
  })

  test('a query given a receipt of another tab looks at the log itself (D1)', async () => {
    const profile = createProfile()
    const [one, other] = [await openTab(profile), await openTab(profile)]
    await ask(other, 'items', 'count')
    const { offset } = await one.log.append([Opened({ id: 'a', points: 1 })])
    expect(other.log.head).toBe(0)
    expect(await other.views.query(get('a'), { atLeast: offset })).toMatchObject({
      position: 1,
      value: { points: 1 },
    })
  })

  test('every wait ends: at its deadline, by an abort, or when the views are closed (D4)', async () => {
    const profile = createProfile()
    const tab = await openTab(profile)
    await profile.append(Opened({ id: 'a', points: 1 }))
    await ask(tab, 'items', 'count')
    const never = { atLeast: 99 as Offset }
    await expect(tab.views.query(get('a'), { ...never, deadlineMs: 20 })).rejects.toMatchObject({
      code: 'BEHIND_RECEIPT',
      facts: { position: 1, atLeast: 99 },
    })
    const abort = new AbortController()
    const aborted = tab.views.query(get('a'), { ...never, signal: abort.signal })
    abort.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
    await expect(tab.views.query(get('a'), { ...never, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    const closed = tab.views.query(get('a'), never)
    await tab.views.close()
    await tab.views.close()
    await expect(closed).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(tab.views.query(get('a'))).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(Promise.resolve().then(() => tab.views.answer(get('a')))).rejects.toMatchObject({
      code: 'CLOSED',
    })
  })

  test('a view that is not whole at the deadline says how far it is', async () => {
    const profile = createProfile()
    await profile.append(Opened({ id: 'a', points: 1 }))
    const log = profile.openLog()
    const stuck = new Proxy(log, {
      get: (target, name) =>
        name === 'read' ? () => new Promise(() => undefined) : Reflect.get(target, name),
    })
    const tab = await profile.open(everything, { log: stuck })
    await expect(tab.views.query(get('a'), { deadlineMs: 20 })).rejects.toMatchObject({
      code: 'VIEW_REBUILDING',
      facts: { done: 0, total: 1 },
    })
    expect(statusOf(tab)).toMatchObject({ state: 'rebuilding', progress: { done: 0, total: 1 } })
  })

  test('what storage refuses for a while is tried again', async () => {
    const profile = createProfile()
    await profile.append(Opened({ id: 'a', points: 1 }))
    const log = profile.openLog()
    let refusals = 2
    const read: typeof log.read = async (...args) => {
      if (refusals-- > 0) throw new HeadwaterError('STORAGE_LOST', 'The connection broke.', { hint: 'Wait.' })
      return log.read(...args)
    }
    const flaky = new Proxy(log, {
      get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)),
    })
    const tab = await openTab(profile, everything, { log: flaky })
    expect((await tab.views.query(get('a'))).value).toMatchObject({ points: 1 })
  })
})

test('a read that gives nothing although the log goes on is no lost wake-up: it is asked again (D4)', async () => {
  const profile = createProfile()
  await profile.append(Opened({ id: 'a', points: 1 }))
  const log = profile.openLog()
  let empties = 1
  const read: typeof log.read = async (after, options) =>
    empties-- > 0
      ? { events: [], voids: [], skipped: [], quarantined: [], through: after, unknown: new Map() }
      : log.read(after, options)
  const blinking = new Proxy(log, {
    get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)),
  })
  const tab = await openTab(profile, everything, { log: blinking })
  expect((await tab.views.query(get('a'))).value).toMatchObject({ points: 1 })
})

describe('checkpoints', () => {
  const figures = {
    tailMs: 0,
    tailEvents: 1,
    overlayBytes: 0,
    quietMs: 0,
    hasMoved: true,
    lastTookMs: 0,
    sinceLastMs: 10_000,
  }
  const bounds = { overlayBytes: 1_000, quietMs: 2_000 }

  test.each([
    ['nothing was folded since', { tailEvents: 0, quietMs: 9_000 }, true, false],
    ['little was folded, just now', {}, true, false],
    ['30 ms of folding would be lost', { tailMs: 30, quietMs: 50 }, true, true],
    ['30 ms of folding would be lost, but one event follows another', { tailMs: 30 }, true, false],
    ['250 ms of folding would be lost, however busy it is', { tailMs: 250 }, true, true],
    ['2 s of quiet', { quietMs: 2_000 }, true, true],
    ['2 s of quiet, but it was tried since', { quietMs: 2_000, hasMoved: false }, true, false],
    ['due, but this tab does not lead', { tailMs: 500, quietMs: 9_000 }, false, false],
    ['the overlay is past its bound in a tab that does not lead', { overlayBytes: 1_001 }, false, true],
    [
      'due, but the last one took over a quarter of the time',
      { tailMs: 250, lastTookMs: 100, sinceLastMs: 299 },
      true,
      false,
    ],
    [
      'due, and the last one is long enough ago',
      { tailMs: 250, lastTookMs: 100, sinceLastMs: 300 },
      true,
      true,
    ],
  ] as const)('%s', (_what, given, leads, due) => {
    expect(isCheckpointDue({ ...figures, ...given }, bounds, leads)).toBe(due)
  })

  test('the leader stores after quiet, tells of it, and other tabs take the base over', async () => {
    const profile = createProfile()
    const leader = await openTab(profile, everything, { leads: true, bounds: { quietMs: 30 } })
    const other = await openTab(profile)
    const told = new Promise<void>((resolve) => {
      leader.views.onCheckpoint(() => {
        other.views.noticeCheckpoint()
        resolve()
      })
    })
    for (let i = 0; i < 20; i++) await profile.append(Opened({ id: `k${i}`, points: i }))
    await Promise.all([ask(leader, 'items', 'count'), ask(other, 'items', 'count')])
    expect(statusOf(other).memoryBytes).toBeGreaterThan(0)
    await told
    await expectNaive(other, profile)
    await scheduler.nextTurn()
    expect([statusOf(leader).checkpoint, statusOf(other).checkpoint]).toEqual([20, 20])
    expect(statusOf(other).memoryBytes).toBe(0)
    await profile.append(Closed({ id: 'k3' }))
    await expectNaive(other, profile)
  })

  test('a tab that does not lead stores nothing', async () => {
    const profile = createProfile()
    const tab = await openTab(profile, everything, { bounds: { quietMs: 1 } })
    await profile.append(Opened({ id: 'a', points: 1 }))
    await ask(tab, 'items', 'count')
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(await profile.store.manifests()).toEqual([])
  })

  test('the leader sweeps what nobody uses any more', async () => {
    const profile = createProfile()
    const tab = await openTab(profile, everything)
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 20; i++) await profile.append(Opened({ id: `k${i}`, points: round }))
      await ask(tab, 'items', 'count')
      await tab.views.checkpoint()
    }
    expect((await profile.store.manifests()).length).toBeGreaterThan(1)
    tab.views.setLeader(true)
    await expect.poll(async () => (await profile.store.manifests()).length).toBe(1)
    await expectNaive(tab, profile)
    await expectNaive(await openTab(profile), profile)
  })
})

describe('status', () => {
  test('it tells position, checkpoint, lag, rate and memory of every view, in the order of definition', async () => {
    const profile = createProfile()
    await profile.append(Opened({ id: 'a', points: 1 }), Opened({ id: 'b', points: 1 }))
    const tab = await openTab(profile)
    await ask(tab, 'items', 'count')
    const status = tab.views.status()
    expect(tab.views.status()).toBe(status) // before time passes, and with it the rate
    expect(status.map(({ name, kind, state }) => `${name} ${kind} ${state}`)).toEqual([
      'items table live',
      'perStatus aggregate live',
      'perOwnerAndDay aggregate live',
    ])
    expect(status[0]).toMatchObject({ position: 2, checkpoint: 0, lag: 0 })
    expect(status[0]!.ratePerSecond).toBeGreaterThan(0)
  })

  test('it counts the commits with unknown types that were passed over, also after a checkpoint (V2)', async () => {
    const profile = createProfile()
    const Later = defineEvent('later', { schema: v.object({ id: v.string() }) })
    const newer = openMemoryLog(profile.logStore, { ...profile, events: createEventRegistry([Later]) })
    const tab = await openTab(profile)
    await profile.append(Opened({ id: 'a', points: 1 }))
    await newer.append([Later({ id: 'a' }), Later({ id: 'b' })])
    await profile.append(Opened({ id: 'b', points: 1 }))
    await ask(tab, 'items', 'count')
    expect(tab.views.status().map(({ skipped }) => skipped)).toEqual([1, 1, 1])
    await tab.views.checkpoint()
    await newer.append([Later({ id: 'c' })])
    const again = await openTab(profile)
    await ask(again, 'items', 'count')
    expect(statusOf(again)).toMatchObject({ checkpoint: 4, skipped: 2 })
  })

  test('it tells why a base could not be stored, until one is', async () => {
    const profile = createProfile()
    const store = createFaultyStore(profile.store)
    const tab = await openTab(profile, everything, { store, leads: true, bounds: { quietMs: 10 } })
    store.failAt(1, 'before')
    await profile.append(Opened({ id: 'a', points: 1 }))
    await ask(tab, 'items', 'count')
    await expect
      .poll(() => statusOf(tab))
      .toMatchObject({ state: 'live', checkpointError: { code: 'STORAGE_LOST' } })
    store.mend()
    await expect.poll(() => statusOf(tab).checkpoint).toBe(1)
    expect(statusOf(tab).checkpointError).toBeUndefined()
  })

  test('it tells what keeps a view from reading on, while it does', async () => {
    const profile = createProfile()
    await profile.append(Opened({ id: 'a', points: 1 }))
    const log = profile.openLog()
    let isBroken = true
    const read: typeof log.read = async (...args) => {
      if (isBroken) throw new HeadwaterError('STORAGE_LOST', 'The connection broke.', { hint: 'Wait.' })
      return log.read(...args)
    }
    const flaky = new Proxy(log, {
      get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)),
    })
    const tab = await openTab(profile, everything, { log: flaky })
    await expect.poll(() => statusOf(tab).readError?.code).toBe('STORAGE_LOST')
    isBroken = false
    await tab.views.query(get('a'))
    expect(statusOf(tab).readError).toBeUndefined()
  })

  test('listeners hear of states at once, and of numbers at most ten times a second', async () => {
    const profile = createProfile()
    const tab = await openTab(profile, [items])
    await ask(tab, 'items', 'count')
    const heard: { readonly atMs: number; readonly position: number }[] = []
    tab.views.onStatus(() => heard.push({ atMs: performance.now(), position: statusOf(tab).position }))
    while (heard.length < 4) {
      await tab.log.append([Adjusted({ id: 'a', points: 1 })])
      await scheduler.nextTurn()
    }
    const gapsMs = heard.slice(1).map(({ atMs }, i) => atMs - heard[i]!.atMs)
    expect(Math.min(...gapsMs)).toBeGreaterThan(98) // timers may be a millisecond early
    expect(heard.at(-1)!.position).toBeGreaterThan(0)
  })
})
