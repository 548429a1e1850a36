// Verification (V7): what a fold that is not deterministic, a function changed without its version, or a damaged base did
// is found, with the first key that differs; what is right is found right, also while events come in.

import { aggregate, count, table } from '@headwater/views'
import { afterEach, describe, expect, test } from 'vitest'
import {
  Adjusted,
  ask,
  Closed,
  closeTabs,
  createProfile,
  everything,
  folds,
  type Item,
  items,
  Moved,
  Opened,
  openTab,
  type Profile,
  perStatus,
  scheduler,
} from './world.ts'

afterEach(closeTabs)

async function fill(profile: Profile): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await profile.append(
      Opened({ id: `k${i}`, points: i, owner: 'ann' }),
      Moved({ from: 'k1', to: `k${i}`, points: 1 }),
    )
  }
}

describe('verify', () => {
  test('a fold that is not deterministic is found, with the first key that differs (V1)', async () => {
    const profile = createProfile()
    let calls = 0
    const random = table<{ readonly n: number }>('random').on(Opened, (_row, { data }) => ({
      n: data.id === 'k5' ? ++calls : 0,
    }))
    const perN = aggregate('perN', random, { groupBy: (row) => row.n, measures: { rows: count() } })
    const tab = await openTab(profile, [random, perN, ...everything])
    await fill(profile)
    await ask(tab, 'random', 'count')
    const report = await tab.views.verify('random')
    expect(report).toMatchObject({ view: 'random', offset: 80, equal: false, difference: { key: 'k5' } })
    expect(report.difference?.live).not.toBe(report.difference?.recomputed)
    expect((await tab.views.verify('perN')).equal).toBe(false)
    expect(await tab.views.verify('items')).toMatchObject({ equal: true, offset: 80 })
  })

  test('rows that only one side has are named', async () => {
    const profile = createProfile()
    let hide = false
    const hiding = table<Item>('hiding').on(Opened, (row, event) =>
      hide ? undefined : folds.opened(row, event),
    )
    const tab = await openTab(profile, [hiding])
    await fill(profile)
    await ask(tab, 'hiding', 'count')
    hide = true
    const { difference } = await tab.views.verify('hiding')
    expect(difference).toMatchObject({ key: 'k0', live: expect.any(String) })
    expect(difference).not.toHaveProperty('recomputed')
  })

  test('an index or an aggregate whose function changed without its version is found', async () => {
    const profile = createProfile()
    await fill(profile)
    const tab = await openTab(profile)
    await ask(tab, 'items', 'count')
    await tab.views.checkpoint()
    const changed = table<Item>('items')
      .on(Opened, folds.opened)
      .on(Moved, folds.moved, { key: ({ from, to }) => [from, to] })
      .index('byStatus', (row) => [row.points])
    const rules = items.rules.filter(({ event }) => event !== Opened && event !== Moved)
    const again = await openTab(profile, [
      rules.reduce((all, { event, fold, key }) => all.on(event, fold as never, { key }), changed),
    ])
    await ask(again, 'items', 'count')
    const { difference } = await again.views.verify('items')
    expect(difference?.key).toContain('index:byStatus')
  })

  test('a damaged base is found, and a rebuild repairs it', async () => {
    const profile = createProfile()
    await fill(profile)
    const tab = await openTab(profile)
    await ask(tab, 'items', 'count')
    await tab.views.checkpoint()
    const pages = await profile.store.getPages(await profile.store.pageIds())
    const spoilt = pages.map((text) => text?.replace('"points":9,', '"points":8,'))
    expect(spoilt).not.toEqual(pages)
    const store = {
      ...profile.store,
      getPages: async (ids: Parameters<typeof profile.store.getPages>[0]) => {
        const texts = await profile.store.getPages(ids)
        return texts.map((text) => text?.replace('"points":9,', '"points":8,'))
      },
    }
    const again = await openTab(profile, everything, { store })
    await ask(again, 'items', 'count')
    expect(await again.views.verify('items')).toMatchObject({ equal: false, difference: { key: 'k8' } })
    await again.views.rebuild('items')
    expect((await again.views.verify('items')).equal).toBe(true)
  })

  test('events that come in meanwhile are waited for, and progress is told', async () => {
    const profile = createProfile()
    await fill(profile)
    const tab = await openTab(profile)
    await ask(tab, 'items', 'count')
    const seen: number[] = []
    const verified = tab.views.verify('perStatus', { onProgress: ({ done }) => seen.push(done) })
    for (let i = 0; i < 30; i++) {
      await tab.log.append([Adjusted({ id: `k${i}`, points: i }), Closed({ id: `k${i % 7}` })])
      await scheduler.nextTurn()
    }
    expect((await verified).equal).toBe(true)
    expect(seen.length).toBeGreaterThan(0)
    expect((await tab.views.verify('perOwnerAndDay')).entries).toBeGreaterThan(0)
  })

  test('verification can be aborted, and asks for a view that exists', async () => {
    const profile = createProfile()
    await fill(profile)
    const tab = await openTab(profile)
    await expect(tab.views.verify('items', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    await expect(tab.views.verify('nobody')).rejects.toMatchObject({ code: 'VIEW_UNKNOWN' })
    await ask(tab, perStatus.name, 'range')
  })
})
