// Pausing: a view stands where it is, answers from there and says so, while the log, its siblings and other tabs go on; once
// resumed it is what it would have been without the pause (V2, V7). Nothing waits for it without an end (D4).

import { type Offset, ORIGIN } from '@headwater/log'
import type { AnyView, ViewRequest } from '@headwater/views'
import { search } from '@headwater/views/search'
import { afterEach, expect, test } from 'vitest'
import { expectNaive } from './comparison.ts'
import {
  Adjusted,
  ask,
  Closed,
  closeTabs,
  createProfile,
  everything,
  items,
  itemsTable,
  Opened,
  openTab,
  type Profile,
  statusOf,
  type Tab,
} from './world.ts'

afterEach(closeTabs)

const other = itemsTable('other')
const found = search('found', items, { fields: { owner: 1 } })
const views: readonly AnyView[] = [...everything, other, found]
const get: ViewRequest = { view: 'items', method: 'get', args: ['a'] }
const open: ViewRequest = { view: 'perStatus', method: 'get', args: ['open'] }

async function openPaused(profile: Profile): Promise<Tab> {
  await profile.append(Opened({ id: 'a', points: 1, owner: 'ada' }))
  const tab = await openTab(profile, views)
  await ask(tab, 'found', 'search', 'ada')
  await tab.views.pause('perStatus')
  await profile.append(Adjusted({ id: 'a', points: 5 }), Opened({ id: 'b', points: 2, owner: 'ada' }))
  return tab
}

test('a paused group answers from its position, with all that is folded with it; siblings go on (V6)', async () => {
  const profile = createProfile()
  const tab = await openPaused(profile)
  expect(await ask(tab, 'other', 'get', 'a')).toMatchObject({ points: 5 })
  for (const name of ['items', 'perStatus', 'perOwnerAndDay'])
    expect(statusOf(tab, name)).toMatchObject({ state: 'paused', position: 1, lag: 2 })
  expect(statusOf(tab, 'other')).toMatchObject({ state: 'live', position: 3 })
  expect(statusOf(tab, 'found')).toMatchObject({ state: 'stale', position: 1 })
  expect(await tab.views.query(get)).toMatchObject({ position: 1, value: { points: 1 } })
  expect(await tab.views.query(open)).toMatchObject({ position: 1, value: { items: 1, points: 1 } })
  expect(await tab.views.verify('items')).toMatchObject({ offset: 1, equal: true })
  await tab.views.resume('items')
  await expectNaive(tab, profile)
  expect(statusOf(tab, 'perStatus')).toMatchObject({ state: 'live', lag: 0 })
})

test('more than it has is refused by name at the deadline, unless it is resumed before (D1, D4)', async () => {
  const profile = createProfile()
  const tab = await openPaused(profile)
  for (const request of [get, open, { view: 'found', method: 'search', args: ['ada'] }]) {
    await expect(tab.views.query(request, { atLeast: 3 as Offset, deadlineMs: 30 })).rejects.toMatchObject({
      code: 'BEHIND_RECEIPT',
      hint: expect.stringContaining('Resume'),
      facts: { position: 1, atLeast: 3 },
    })
  }
  const waiting = tab.views.query(get, { atLeast: 3 as Offset })
  await tab.views.resume('perOwnerAndDay')
  expect(await waiting).toMatchObject({ position: 3, value: { points: 5 } })
})

test('a view paused before it has caught up answers from where it stands, not from the head found at opening', async () => {
  const profile = createProfile()
  await profile.append(Opened({ id: 'a', points: 1 }))
  const first = await openTab(profile)
  await ask(first, 'items', 'count')
  await first.views.checkpoint()
  await profile.append(Adjusted({ id: 'a', points: 9 }))
  const log = profile.openLog()
  let goOn: (() => void) | undefined
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const read: typeof log.read = async (...args) => {
    await held
    return log.read(...args)
  }
  const slow = new Proxy(log, {
    get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)),
  })
  const tab = await openTab(profile, everything, { log: slow })
  await tab.views.pause('items')
  goOn?.()
  expect(await tab.views.query(get)).toMatchObject({ position: 1, value: { points: 1 } })
  expect(await tab.views.verify('items')).toMatchObject({ offset: 1, equal: true })
  await tab.views.resume('items')
  await expectNaive(tab, profile)
})

test('another tab moves on and stores; the paused one takes nothing over until it is resumed (V2)', async () => {
  const profile = createProfile()
  const tab = await openPaused(profile)
  const second = await openTab(profile)
  await ask(second, 'items', 'count')
  await second.views.checkpoint()
  tab.views.noticeCheckpoint()
  await tab.views.checkpoint()
  expect(await tab.views.query(get)).toMatchObject({ position: 1, value: { points: 1 } })
  expect(statusOf(await openTab(profile), 'items').checkpoint).toBe(3)
  await tab.views.resume('items')
  await expectNaive(tab, profile)
})

test('paused while it is folded from nothing, or rebuilt, it stands; a rebuild that is asked for resumes it', async () => {
  const profile = createProfile()
  for (let i = 0; i < 10; i++) await profile.append(...bulk(i))
  const tab = await openTab(profile, [...everything, other])
  await tab.views.pause('items')
  const { position } = statusOf(tab, 'items')
  await ask(tab, 'other', 'count')
  expect(statusOf(tab, 'items').position).toBe(position)
  await tab.views.rebuild('items')
  expect(statusOf(tab, 'items').state).toBe('live')
  const rebuilt = tab.views.rebuild('items')
  await tab.views.pause('items')
  const stands = statusOf(tab, 'items').position
  await profile.append(Closed({ id: 'k1' }))
  const tooFar = tab.views.query(get, { atLeast: 501 as Offset, deadlineMs: 30 })
  await expect(tooFar).rejects.toMatchObject({ code: 'BEHIND_RECEIPT' })
  expect(statusOf(tab, 'items')).toMatchObject({ state: 'paused', position: stands })
  await tab.views.resume('items')
  await rebuilt
  await expectNaive(tab, profile)
})

const bulk = (i: number): readonly ReturnType<typeof Opened>[] =>
  Array.from({ length: 50 }, (_, j) =>
    Opened({ id: `k${(i * 50 + j) % 150}`, points: j, owner: `o${j % 7}` }),
  )

test('a paused search stands by itself, and then knows all that it has missed, rows that went as well (V7)', async () => {
  const profile = createProfile()
  await profile.append(
    Opened({ id: 'a', points: 1, owner: 'ada' }),
    Opened({ id: 'b', points: 1, owner: 'bo' }),
  )
  const tab = await openTab(profile, views)
  const hits = async (text: string): Promise<readonly string[]> => {
    const { value } = await tab.views.query({ view: 'found', method: 'search', args: [text] })
    return (value as { readonly hits: readonly { readonly key: string }[] }).hits.map(({ key }) => key)
  }
  await ask(tab, 'found', 'search', 'ada')
  await tab.views.pause('found')
  await profile.append(
    Opened({ id: 'b', points: 1, owner: 'ada' }),
    Opened({ id: 'c', points: 1, owner: 'ada' }),
  )
  expect(await ask(tab, 'items', 'count')).toBe(3)
  expect(statusOf(tab, 'found')).toMatchObject({ state: 'paused', position: 2 })
  expect(await hits('ada')).toEqual(['a'])
  await tab.views.resume('found')
  await ask(tab, 'found', 'search', 'ada')
  expect([...(await hits('ada'))].sort()).toEqual(['a', 'b', 'c'])
  expect(await hits('bo')).toEqual([])
  expect((await tab.views.verify('found')).equal).toBe(true)
  await tab.views.pause('found')
  await tab.views.rebuild('items')
  await tab.views.resume('found')
  await profile.append(Closed({ id: 'a' }))
  await ask(tab, 'found', 'search', 'ada')
  expect((await tab.views.verify('found')).equal).toBe(true)
})

test('pausing is of this tab and this opening: not stored, idempotent, refused for what is unknown', async () => {
  const profile = createProfile()
  const tab = await openPaused(profile)
  await tab.views.pause('items')
  await tab.views.checkpoint()
  expect(await ask(await openTab(profile), 'items', 'get', 'a')).toMatchObject({ points: 5 })
  await expect(tab.views.pause('nobody')).rejects.toMatchObject({ code: 'VIEW_UNKNOWN' })
  await tab.views.resume('other')
  await tab.views.resume('items')
  await tab.views.resume('items')
  expect(await ask(tab, 'items', 'get', 'a')).toMatchObject({ points: 5 })
  expect(statusOf(tab, 'items').position).toBeGreaterThan(ORIGIN)
})
