// Comparing what a tab answers with what the naive twins say, for everything that can be asked of the test model.

import type { StoredEvent } from '@headwater/log'
import { expect } from 'vitest'
import { naiveHistory, naiveIndex, naivePerOwnerAndDay, naivePerStatus, naiveRows } from './naive-views.ts'
import { allEvents, ask, type Profile, type Tab } from './world.ts'

/** A row stands in an index more than once. */
const ALL = { limit: 100_000 }

/** Asks a tab for everything and compares (V7). */
export async function expectNaive(tab: Tab, profile: Profile): Promise<void> {
  const events = await allEvents(profile.log)
  await expectTable(tab, events)
  await expectAggregates(tab, events)
}

export async function expectTable(tab: Tab, events: readonly StoredEvent[], view = 'items'): Promise<void> {
  const rows = naiveRows(events)
  const bare = rows.map(([, row]) => row)
  expect(await ask(tab, view, 'range', 'key')).toEqual(bare)
  expect(await ask(tab, view, 'count')).toBe(rows.length)
  for (const index of ['byStatus', 'byOwner', 'byStep'] as const) {
    const naive = naiveIndex(events, index)
    expect(await ask(tab, view, 'range', index, ALL)).toEqual(naive)
    expect(await ask(tab, view, 'range', index, { ...ALL, reverse: true })).toEqual([...naive].reverse())
    expect(await ask(tab, view, 'count', index)).toBe(naive.length)
  }
  for (const key of ['a', 'b']) {
    expect(await ask(tab, view, 'get', key)).toEqual(rows.find(([name]) => name === key)?.[1])
    const history = (await ask(tab, view, 'history', key)) as readonly { offset: number }[]
    expect(history.map(({ offset }) => offset)).toEqual(naiveHistory(events, key))
  }
}

export async function expectAggregates(tab: Tab, events: readonly StoredEvent[]): Promise<void> {
  const perStatus = (await ask(tab, 'perStatus', 'range')) as readonly { median: number }[]
  const naive = naivePerStatus(events)
  expect(perStatus.map((group) => ({ ...group, median: undefined }))).toEqual(
    naive.map((group) => ({ ...group, median: undefined })),
  )
  for (const [i, { median }] of perStatus.entries()) expectNear(median, naive[i]?.median as number)
  expect(await ask(tab, 'perOwnerAndDay', 'range')).toEqual(naivePerOwnerAndDay(events))
}

/** Within the relative error that quantiles promise. */
export function expectNear(found: number, exact: number): void {
  expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.01)
}
