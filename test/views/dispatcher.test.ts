// What storage refuses to a view, and when it is tried again: after pauses that grow, whatever rings in between.

import { HeadwaterError } from '@headwater/log'
import type { BaseStore } from '@headwater/views'
import { afterEach, expect, test } from 'vitest'
import { createVirtualTime, type VirtualTime } from '../sync/virtual-time.ts'
import {
  Adjusted,
  ask,
  closeTabs,
  createProfile,
  items,
  Opened,
  openTab,
  statusOf,
  type Tab,
} from './world.ts'

afterEach(closeTabs)

const lost = new HeadwaterError('STORAGE_LOST', 'The connection broke.', { hint: 'Wait.' })

interface Refused {
  readonly tab: Tab
  readonly time: VirtualTime
  readonly append: (points: number) => Promise<void>
  /** Asks for a page so far. */
  tries: number
  /** Whether pages are refused. */
  isBroken: boolean
}

/** A tab whose base cannot be read, so that whatever it is given cannot be folded. */
async function openRefused(): Promise<Refused> {
  const profile = createProfile()
  await profile.append(Opened({ id: 'a', points: 1 }))
  const first = await profile.open([items])
  await ask(first, 'items', 'count')
  await first.views.checkpoint()
  await first.close()
  const store: BaseStore = {
    ...profile.store,
    getPages: (ids) => {
      refused.tries++
      return refused.isBroken ? Promise.reject(lost) : profile.store.getPages(ids)
    },
  }
  const time = createVirtualTime()
  const tab = await openTab(profile, [items], { store, scheduler: time.tab().scheduler })
  const append = async (points: number): Promise<void> => {
    await tab.log.append([Adjusted({ id: 'a', points })])
  }
  const refused: Refused = { tab, time, append, tries: 0, isBroken: true }
  return refused
}

test('what storage refuses to a fold is tried again after a pause, and not before (D4)', async () => {
  const refused = await openRefused()
  await refused.append(2)
  await refused.time.pass(200)
  expect(refused.tries).toBe(1)
  await refused.time.pass(100)
  expect(refused.tries).toBe(2)
  expect(statusOf(refused.tab)).toMatchObject({ position: 1, readError: { code: 'STORAGE_LOST' } })
  await refused.time.pass(120_000)
  expect(refused.tries).toBeLessThan(14)
  refused.isBroken = false
  await refused.time.pass(30_000)
  expect(statusOf(refused.tab)).toMatchObject({ position: 2, lag: 0 })
})

test('events that come meanwhile are tried at once, and make no later pause longer (D4)', async () => {
  const refused = await openRefused()
  for (let points = 2; points < 12; points++) {
    await refused.append(points)
    await refused.time.pass(10)
  }
  expect(refused.tries).toBe(10)
  refused.isBroken = false
  await refused.time.pass(250)
  expect(statusOf(refused.tab)).toMatchObject({ position: 11, lag: 0 })
})
