// Rebuilds: after a changed fingerprint, on demand, of parts that a base lacks, and because too much came late. Whatever is
// rebuilt, everything else goes on answering (V5), in slices; and what is answered is never a mixture.

import { emptyBatch, HeadwaterError } from '@headwater/log'
import { aggregate, max, sum, table } from '@headwater/views'
import { afterEach, describe, expect, test } from 'vitest'
import { createVirtualTime } from '../sync/virtual-time.ts'
import { expectAggregates, expectNaive, expectTable } from './comparison.ts'
import { naiveRows } from './naive-views.ts'
import {
  Adjusted,
  allEvents,
  ask,
  byOwner,
  Closed,
  closeTabs,
  createProfile,
  Deleted,
  Doubled,
  everything,
  folds,
  type Item,
  items,
  itemsTable,
  Moved,
  mergeAll,
  Opened,
  openTab,
  type Profile,
  scheduler,
  statusOf,
} from './world.ts'

afterEach(closeTabs)

async function fill(profile: Profile, count: number, from = 0): Promise<void> {
  for (let i = from; i < from + count; i += 50) {
    const drafts = Array.from({ length: 50 }, (_, j) => {
      const id = `k${(i + j) % 701}`
      return (i + j) % 5 === 4
        ? Adjusted({ id, points: i + j })
        : Opened({ id, points: j, owner: `o${(i + j) % 9}` })
    })
    await profile.append(...drafts)
  }
}

describe('a changed fingerprint', () => {
  test('a table of a new version is folded anew; the old build keeps its base, and both answer (V5)', async () => {
    const profile = createProfile()
    await fill(profile, 200)
    const old = await openTab(profile)
    await ask(old, 'items', 'count')
    await old.views.checkpoint()
    const renamed = table<Item>('items', { version: 2 })
      .on(Opened, (row, event) => ({ ...folds.opened(row, event), id: `new ${event.data.id}` }))
      .index('byOwner', byOwner)
    const young = await openTab(profile, [renamed])
    expect(await ask(young, 'items', 'get', 'k1')).toMatchObject({ id: 'new k1' })
    await young.views.checkpoint()
    await expectNaive(old, profile)
    const oldAgain = await openTab(profile)
    expect(statusOf(oldAgain, 'items').checkpoint).toBe(200)
    await expectNaive(oldAgain, profile)
  })

  test('a new aggregate and a new index are built from the rows, not from the log (V5)', async () => {
    const profile = createProfile()
    await fill(profile, 1_500)
    const before = await openTab(profile, [items])
    await ask(before, 'items', 'count')
    await before.views.checkpoint()
    await before.close()
    const indexed = itemsTable().index('byPoints', (row) => [row.points])
    const highest = aggregate('highest', indexed, {
      groupBy: (row) => row.owner,
      measures: { most: max((row) => row.points) },
    })
    const log = profile.openLog()
    let reads = 0
    const watched = new Proxy(log, {
      get(target, name) {
        if (name === 'read' || name === 'readAt') reads++
        return Reflect.get(target, name)
      },
    })
    const tab = await openTab(profile, [indexed, highest], { log: watched })
    const row = await tab.views.query({ view: 'items', method: 'get', args: ['k1'] })
    expect(row.position).toBe(1_500)
    const rows = (await ask(tab, 'items', 'range', 'byPoints')) as readonly Item[]
    expect(rows).toHaveLength(naiveRows(await allEvents(profile.log)).length)
    expect(rows.every(({ points }, i) => i === 0 || rows[i - 1]!.points <= points)).toBe(true)
    const groups = (await ask(tab, 'highest', 'range')) as readonly { group: string; most: number }[]
    expect(groups).toHaveLength(9)
    for (const { group, most } of groups) {
      expect(most).toBe(Math.max(...rows.filter(({ owner }) => owner === group).map(({ points }) => points)))
    }
    expect(reads).toBe(0)
    expect((await tab.views.verify('items')).equal).toBe(true)
    expect((await tab.views.verify('highest')).equal).toBe(true)
  })

  test('a part goes on growing when storage comes back, and when the base was lost meanwhile', async () => {
    const profile = createProfile()
    await fill(profile, 1_500)
    const before = await openTab(profile, [items])
    await ask(before, 'items', 'count')
    await before.views.checkpoint()
    let refusals = 2
    const getPages: typeof profile.store.getPages = async (ids) => {
      if (refusals-- > 0) throw new HeadwaterError('STORAGE_LOST', 'The connection broke.', { hint: 'Wait.' })
      return profile.store.getPages(ids)
    }
    const options = { store: { ...profile.store, getPages }, bounds: { cacheBytes: 1 } }
    const tab = await openTab(profile, everything, options)
    await expectAggregates(tab, await allEvents(profile.log))
    const lost = await openTab(profile, everything, { bounds: { cacheBytes: 1 } })
    await profile.store.remove([], await profile.store.pageIds())
    await expectAggregates(lost, await allEvents(profile.log))
  })

  test('events that come while a part grows from the rows are in it once', async () => {
    const profile = createProfile()
    await fill(profile, 1_500)
    const before = await openTab(profile, [items])
    await ask(before, 'items', 'count')
    await before.views.checkpoint()
    const tab = await openTab(profile)
    for (let i = 0; i < 60; i++) {
      await tab.log.append([
        Moved({ from: `k${(i * 11) % 700}`, to: `k${(i * 13) % 700}`, points: 1 }),
        i % 3 === 0 ? Deleted({ id: `k${(i * 17) % 700}` }) : Closed({ id: `k${(i * 7) % 700}` }),
      ])
      await scheduler.nextTurn()
    }
    await expectNaive(tab, profile)
    await tab.views.checkpoint()
    await expectNaive(await openTab(profile), profile)
  })
})

describe('a rebuild on demand', () => {
  /** Time passes by looking at it, so that slices are short on any machine. */
  function tickingScheduler(): typeof scheduler {
    let ms = 0
    return {
      ...scheduler,
      elapsedMs: () => {
        ms += 0.5
        return ms
      },
    }
  }

  test('the old state answers, and is folded on, until the new one is whole', async () => {
    const profile = createProfile()
    await fill(profile, 6_000)
    const tab = await openTab(profile, everything, { scheduler: tickingScheduler() })
    await ask(tab, 'items', 'count')
    const progress: number[] = []
    let done = false
    const rebuilt = tab.views.rebuild('items', { onProgress: (now) => progress.push(now.done) }).then(() => {
      done = true
    })
    let answered = 0
    const states = new Set<string>()
    while (!done) {
      const receipt = await tab.log.append([Adjusted({ id: `k${answered % 50}`, points: answered })])
      const request = { view: 'items', method: 'get', args: [`k${answered % 50}`] } as const
      const answer = await tab.views.query(request, { atLeast: receipt.offset })
      expect(answer.value).toMatchObject({ points: answered })
      states.add(statusOf(tab, 'items').state)
      answered++
    }
    await rebuilt
    expect(answered).toBeGreaterThan(3)
    expect([...states]).toContain('rebuilding')
    expect(progress.length).toBeGreaterThan(0)
    expect(progress.every((now, i) => i === 0 || progress[i - 1]! <= now)).toBe(true)
    await expectNaive(tab, profile)
    await tab.views.checkpoint()
    const again = await openTab(profile)
    expect(statusOf(again, 'items').checkpoint).toBe(profile.log.head)
    await expectNaive(again, profile)
  })

  test('an aggregate answers from the old build until the new one is whole', async () => {
    const profile = createProfile()
    await fill(profile, 2_000)
    const tab = await openTab(profile)
    const before = await ask(tab, 'perStatus', 'range')
    await tab.views.checkpoint()
    const rebuilt = tab.views.rebuild('perStatus')
    expect(await ask(tab, 'perStatus', 'range')).toEqual(before)
    await rebuilt
    await tab.views.checkpoint()
    await profile.append(Closed({ id: 'k3' }))
    await expectAggregates(tab, await allEvents(profile.log))
    await expectAggregates(await openTab(profile), await allEvents(profile.log))
  })

  test('another tab takes over the rebuilt base, also with an aggregate built anew', async () => {
    const profile = createProfile()
    await fill(profile, 1_000)
    const [one, other] = [await openTab(profile), await openTab(profile)]
    for (const tab of [one, other]) await ask(tab, 'items', 'count')
    await one.views.checkpoint()
    other.views.noticeCheckpoint()
    await expectNaive(other, profile)
    await one.views.rebuild('perStatus')
    await one.views.checkpoint()
    await profile.append(Closed({ id: 'k3' }), Adjusted({ id: 'k4', points: 7 }))
    await ask(other, 'items', 'count')
    other.views.noticeCheckpoint()
    await expectNaive(other, profile)
    await profile.append(Closed({ id: 'k5' }))
    await expectNaive(other, profile)
    await one.views.rebuild('items')
    await one.views.checkpoint()
    other.views.noticeCheckpoint()
    await profile.append(Closed({ id: 'k6' }))
    await expectNaive(other, profile)
    await other.views.checkpoint()
    await expectNaive(await openTab(profile), profile)
  })

  test('a rebuild that is aborted goes on by itself, and the view answers', async () => {
    const profile = createProfile()
    await fill(profile, 3_000)
    const tab = await openTab(profile)
    await ask(tab, 'items', 'count')
    const abort = new AbortController()
    const rebuilt = tab.views.rebuild('items', { signal: abort.signal })
    abort.abort()
    await expect(rebuilt).rejects.toMatchObject({ code: 'ABORTED' })
    await expectNaive(tab, profile)
  })
})

test('what takes the place of the old state is live when listeners hear of it', async () => {
  const profile = createProfile()
  await fill(profile, 200)
  const tab = await openTab(profile)
  await ask(tab, 'items', 'count')
  const heard: string[] = []
  tab.views.onChanges(({ all }) => heard.push(`${all ? 'all' : 'some'} ${statusOf(tab, 'items').state}`))
  await tab.views.rebuild('items')
  expect(heard).toEqual(['all live'])
})

describe('while one view rebuilds', () => {
  test('slices are bounded, and queries on other views are answered in between (V5, V6)', async () => {
    const profile = createProfile()
    const time = createWorkClock()
    const slow = table<{ readonly n: number }>('slow').on(Opened, (row) => {
      time.work(0.5)
      return { n: (row?.n ?? 0) + 1 }
    })
    const slowSum = aggregate('slowSum', slow, {
      groupBy: (row) => {
        time.work(0.1)
        return row.n % 2
      },
      measures: { n: sum((row) => row.n) },
    })
    const other = table<{ readonly n: number }>('other').on(Closed, (row) => ({ n: (row?.n ?? 0) + 1 }))
    await fill(profile, 5_000)
    const tab = await openTab(profile, [slow, slowSum, other], { scheduler: time.scheduler })
    await ask(tab, 'slow', 'count')
    time.longestMs = 0
    let done = false
    const rebuilt = tab.views.rebuild('slow').then(() => {
      done = true
    })
    let asked = 0
    while (!done) {
      await tab.log.append([Closed({ id: 'z' })])
      expect(await ask(tab, 'other', 'get', 'z')).toEqual({ n: ++asked })
    }
    await rebuilt
    expect(asked).toBeGreaterThan(50)
    // The 8 ms of a slice, and what it takes to notice that they are over.
    expect(time.longestMs).toBeLessThanOrEqual(15)
  })

  test.each(['rebuild', 'verify'] as const)(
    '%s: a log that gives nothing for a while is asked after pauses (D4)',
    async (act) => {
      const profile = createProfile()
      await profile.append(Opened({ id: 'a', points: 1 }))
      const log = profile.openLog()
      let isBlinking = false
      let empties = 0
      const read: typeof log.read = async (after, options) => {
        if (!isBlinking) return log.read(after, options)
        if (++empties > 100) throw new Error('asked without rest')
        return emptyBatch(after)
      }
      const blinking = new Proxy(log, {
        get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)),
      })
      const time = createVirtualTime()
      const tab = await openTab(profile, everything, { log: blinking, scheduler: time.tab().scheduler })
      await time.pass(10)
      isBlinking = true
      const done = tab.views[act]('items')
      await expect.poll(() => empties).toBeGreaterThan(0) // once what it takes is loaded
      await time.pass(1_000)
      expect(empties).toBeLessThan(10)
      isBlinking = false
      await time.pass(1_000)
      await done
      await time.pass(10)
      expect(statusOf(tab)).toMatchObject({ state: 'live', position: 1 })
    },
  )

  /** Time that passes only by work: what is measured does not depend on the machine. */
  function createWorkClock(): {
    readonly scheduler: typeof scheduler
    longestMs: number
    work(ms: number): void
  } {
    let ms = 0
    let turnAt = 0
    const clock = {
      longestMs: 0,
      work(spent: number) {
        ms += spent
        clock.longestMs = Math.max(clock.longestMs, ms - turnAt)
      },
      scheduler: {
        ...scheduler,
        elapsedMs: () => ms,
        nextTurn: async () => {
          await scheduler.nextTurn()
          turnAt = ms
        },
      },
    }
    return clock
  }
})

describe('late events', () => {
  test('when most of the log comes late, everything is folded again at once (V3)', async () => {
    const profile = createProfile(1)
    const early = createProfile(2)
    early.clock.ms -= 86_400_000
    for (let i = 0; i < 60; i++) {
      await early.append(
        ...Array.from({ length: 50 }, (_, j) => Opened({ id: `k${(i * 50 + j) % 500}`, points: j })),
      )
    }
    for (let i = 0; i < 40; i++) {
      await profile.append(...Array.from({ length: 50 }, (_, j) => Doubled({ id: `k${(i * 50 + j) % 500}` })))
    }
    const tab = await openTab(profile)
    await ask(tab, 'items', 'count')
    await tab.views.checkpoint()
    await mergeAll(early.log, profile.log)
    await expectNaive(tab, profile)
    await tab.views.checkpoint()
    await expectNaive(await openTab(profile), profile)
  })

  test('a late event touches its own key and nothing else', async () => {
    const profile = createProfile(1)
    const early = createProfile(2)
    early.clock.ms -= 1_000
    await early.append(Opened({ id: 'k1', points: 5 }))
    await profile.append(Opened({ id: 'k1', points: 1 }), Opened({ id: 'k2', points: 2 }))
    const tab = await openTab(profile)
    await ask(tab, 'items', 'count')
    const told: string[] = []
    tab.views.onChanges(({ all, keys }) => told.push(all ? 'all' : (keys.get('rows') ?? []).join()))
    await mergeAll(early.log, profile.log)
    await expectNaive(tab, profile)
    expect(told).toEqual(['k1'])
  })

  test('a key with a long history is folded again in bounded reads', async () => {
    const profile = createProfile(1)
    const early = createProfile(2)
    early.clock.ms -= 1_000
    await early.append(Opened({ id: 'k', points: 1 }))
    await profile.append(Opened({ id: 'other', points: 1 }))
    for (let i = 0; i < 30; i++)
      await profile.append(...Array.from({ length: 100 }, () => Moved({ from: 'x', to: 'k', points: 1 })))
    await fill(profile, 4_000)
    const tab = await openTab(profile)
    await ask(tab, 'items', 'count')
    await mergeAll(early.log, profile.log)
    expect(await ask(tab, 'items', 'get', 'k')).toMatchObject({ points: 3_001 })
    await expectTable(tab, await allEvents(profile.log))
  })
})

describe('bases', () => {
  test('an overlay past its bound is stored by any tab, and a rebuild bounds its own', async () => {
    const profile = createProfile()
    await fill(profile, 4_000)
    const tab = await openTab(profile, everything, { bounds: { overlayBytes: 50_000 } })
    await ask(tab, 'items', 'count')
    await fill(profile, 1_000, 4_000)
    await ask(tab, 'items', 'count')
    await expect.poll(() => statusOf(tab, 'items').checkpoint).toBeGreaterThan(0)
    await tab.views.rebuild('items')
    await expectNaive(tab, profile)
  })

  test('the bases deleted while open: views rebuild, and no data are lost', async () => {
    const profile = createProfile()
    await fill(profile, 1_000)
    const tab = await openTab(profile, everything, { bounds: { cacheBytes: 1 } })
    await ask(tab, 'items', 'count')
    await tab.views.checkpoint()
    const manifests = await profile.store.manifests()
    await profile.store.remove(
      manifests.map(({ id }) => id),
      await profile.store.pageIds(),
    )
    await expectNaive(tab, profile)
    await profile.append(Closed({ id: 'k3' }))
    await expectNaive(tab, profile)
    await tab.views.checkpoint()
    const again = await openTab(profile)
    expect(statusOf(again, 'items').checkpoint).toBe(profile.log.head)
    await expectNaive(again, profile)
  })

  test('two tabs that fold from nothing at once agree, and one base is stored', async () => {
    const profile = createProfile()
    await fill(profile, 2_000)
    const [one, other] = await Promise.all([openTab(profile), openTab(profile)])
    await Promise.all([ask(one, 'items', 'count'), ask(other, 'items', 'count')])
    await Promise.all([one.views.checkpoint(), other.views.checkpoint()])
    for (const tab of [one, other]) {
      await profile.append(Closed({ id: 'k3' }), Moved({ from: 'k1', to: 'k2', points: 4 }))
      await expectNaive(tab, profile)
    }
    await one.views.checkpoint()
    other.views.noticeCheckpoint()
    await expectNaive(other, profile)
    await expectNaive(await openTab(profile), profile)
  })
})

test('histories that are written early, because there are too many events, say the same, late events among them (V2, V3)', async () => {
  const profile = createProfile(1)
  const early = createProfile(2)
  early.clock.ms -= 86_400_000
  const keys = Array.from({ length: 40 }, (_, i) => `s${i}`)
  await profile.append(...keys.map((id) => Opened({ id, points: 1 })))
  await fill(profile, 5_000)
  for (const id of keys) await early.append(Opened({ id, points: 99 }), Doubled({ id }))
  await mergeAll(early.log, profile.log)
  await fill(profile, 5_000, 5_000)
  await profile.append(...keys.map((id) => Doubled({ id })))
  const tab = await openTab(profile, everything, { bounds: { historyEvents: 1_000 } })
  await expectNaive(tab, profile)
  await profile.append(Adjusted({ id: 's17', points: 5 }))
  await tab.views.rebuild('items')
  await tab.views.checkpoint()
  await expectNaive(tab, profile)
  await expectNaive(await openTab(profile), profile)
}, 60_000)
