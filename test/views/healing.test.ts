// Healing by hand: a view that was parked by a fold that works again is taken up by `rebuild`, without opening anything anew,
// and with it what is folded with it and derived from it (V6).

import { aggregate, count, table, type ViewState } from '@headwater/views'
import { search } from '@headwater/views/search'
import { afterEach, expect, test } from 'vitest'
import { Adjusted, ask, closeTabs, createProfile, Opened, openTab, type Tab } from './world.ts'

afterEach(closeTabs)

interface Row {
  readonly points: number
  readonly owner: string
}

/** A model with switches: what is on throws, or makes rows that no text can be had of. */
function createModel() {
  const on = { fold: false, group: false, text: false }
  const ownerOf = (owner: string | undefined): string => (on.text ? JSON.parse('7') : (owner ?? ''))
  const rows = table<Row>('rows')
    .on(Opened, (_row, event) => ({ points: event.data.points, owner: ownerOf(event.data.owner) }))
    .on(Adjusted, (row, { data }) => {
      if (on.fold) throw new Error('it is on')
      return row && { ...row, points: data.points }
    })
  const perPoints = aggregate('perPoints', rows, {
    groupBy: (row) => {
      if (on.group) throw new Error('it is on')
      return row.points
    },
    measures: { rows: count() },
  })
  const found = search('found', rows, { fields: { owner: 1 } })
  return { on, views: [rows, perPoints, found] }
}

function statesOf(tab: Tab): readonly ViewState[] {
  return tab.views.status().map(({ state }) => state)
}

async function expectWhole(tab: Tab): Promise<void> {
  await tab.log.append([Opened({ id: 'c', points: 5, owner: 'ada' })])
  expect(await ask(tab, 'rows', 'get', 'a')).toEqual({ points: 5, owner: 'ada' })
  expect(await ask(tab, 'perPoints', 'get', 5)).toEqual({ rows: 2 })
  expect(await ask(tab, 'found', 'search', 'ada')).toMatchObject({ total: 2 })
  for (const name of ['rows', 'perPoints', 'found'])
    expect((await tab.views.verify(name)).equal, name).toBe(true)
  expect(statesOf(tab)).toEqual(['live', 'live', 'live'])
}

async function openModel() {
  const profile = createProfile()
  const { on, views } = createModel()
  await profile.append(Opened({ id: 'a', points: 1, owner: 'ada' }))
  const tab = await openTab(profile, views)
  await ask(tab, 'found', 'search', 'ada')
  await ask(tab, 'perPoints', 'get', 1)
  return { profile, on, tab }
}

test.each(['rows', 'perPoints'])(
  'a table whose fold works again is taken up by rebuilding "%s"',
  async (name) => {
    const { on, tab } = await openModel()
    on.fold = true
    await tab.log.append([Adjusted({ id: 'a', points: 5 })])
    await expect.poll(() => statesOf(tab)).toEqual(['parked', 'stale', 'stale'])
    await expect(tab.views.rebuild(name)).rejects.toMatchObject({ code: 'FOLD_FAILED' })
    expect(statesOf(tab)).toEqual(['parked', 'stale', 'stale'])
    expect(await tab.views.query({ view: 'perPoints', method: 'get', args: [1] })).toMatchObject({
      value: { rows: 1 },
    })
    on.fold = false
    await tab.views.rebuild(name)
    await expectWhole(tab)
  },
)

test('a table parked from the start is taken up as well, and so is one whose snapshot is dropped', async () => {
  const { profile, on, tab } = await openModel()
  on.fold = true
  await tab.log.append([Adjusted({ id: 'a', points: 5 })])
  const fresh = await openTab(profile, createModel().views)
  const { on: also, views } = createModel()
  also.fold = true
  const late = await openTab(profile, views)
  await expect.poll(() => statesOf(late)[0]).toBe('parked')
  also.fold = false
  await late.views.rebuild('rows')
  await expect.poll(() => statesOf(tab)[0]).toBe('parked')
  on.fold = false
  await tab.views.dropSnapshot('rows')
  for (const each of [fresh, late, tab]) {
    expect(await ask(each, 'rows', 'get', 'a')).toMatchObject({ points: 5 })
    expect((await each.views.verify('perPoints')).equal).toBe(true)
  }
  await expectWhole(tab)
})

test.each(['rows', 'perPoints'])('an aggregate parked alone is taken up by rebuilding "%s"', async (name) => {
  const { on, tab } = await openModel()
  on.group = true
  await tab.log.append([Adjusted({ id: 'a', points: 5 })])
  await expect.poll(() => statesOf(tab)).toEqual(['live', 'parked', 'live'])
  on.group = false
  await tab.views.rebuild(name)
  await expectWhole(tab)
})

test.each(['rows', 'found'])(
  'a search parked by a row is taken up by rebuilding "%s" once the rows are fit',
  async (name) => {
    const { on, tab } = await openModel()
    on.text = true
    await tab.log.append([Opened({ id: 'b', points: 2 })])
    await expect.poll(() => statesOf(tab)).toEqual(['live', 'live', 'parked'])
    on.text = false
    await tab.views.rebuild('rows')
    if (name === 'found') await tab.views.rebuild('found')
    await tab.log.append([Adjusted({ id: 'a', points: 5 })])
    await expect.poll(() => statesOf(tab)).toEqual(['live', 'live', 'live'])
    await expectWhole(tab)
  },
)
