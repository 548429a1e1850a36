// Dropping a snapshot: what is stored is gone for whoever opens next, the view is folded anew from the log while the old state
// answers, and other tabs lose nothing, whenever they look (V2, V6). The next checkpoint stores a new one.

import { HeadwaterError } from '@headwater/log'
import type { AnyView } from '@headwater/views'
import { search } from '@headwater/views/search'
import { afterEach, expect, test } from 'vitest'
import { expectNaive } from './comparison.ts'
import {
  Adjusted,
  ask,
  closeTabs,
  createProfile,
  everything,
  items,
  Opened,
  openTab,
  type Profile,
  statusOf,
  type Tab,
} from './world.ts'

afterEach(closeTabs)

const found = search('found', items, { fields: { owner: 1 } })
const searched: readonly AnyView[] = [...everything, found]
const ROWS = 120

async function openStored(profile: Profile, definitions: readonly AnyView[] = everything): Promise<Tab> {
  const drafts = Array.from({ length: ROWS }, (_, i) =>
    Opened({ id: `k${i}`, points: i, owner: `o${i % 7}` }),
  )
  await profile.append(...drafts)
  const tab = await openTab(profile, definitions)
  await ask(tab, 'items', 'count')
  await tab.views.checkpoint()
  return tab
}

test('a stored snapshot is told with its size and time, and gone when it is dropped; the next one is new', async () => {
  const profile = createProfile()
  const tab = await openStored(profile)
  const { snapshot } = statusOf(tab)
  const stored = (await profile.store.size()).bytes
  expect(snapshot?.storedAt).toBe(profile.clock.ms)
  expect(snapshot?.bytes).toBeGreaterThan(stored)
  expect(snapshot?.bytes).toBeLessThan(stored + 10_000)
  expect(statusOf(tab, 'perStatus').snapshot).toEqual(snapshot)
  expect(statusOf(await openTab(profile)).snapshot).toEqual(snapshot)
  const seen: number[] = []
  const asked = tab.views.query({ view: 'items', method: 'count', args: [] })
  await tab.views.dropSnapshot('perStatus', { onProgress: ({ done }) => seen.push(done) })
  expect((await asked).value).toBe(ROWS)
  expect(seen.at(-1)).toBe(ROWS)
  expect(statusOf(tab)).toMatchObject({ state: 'live', checkpoint: 0, position: ROWS })
  expect(statusOf(tab).snapshot).toBeUndefined()
  await expectNaive(tab, profile)
  profile.clock.ms += 5_000
  await tab.views.checkpoint()
  expect(statusOf(tab)).toMatchObject({ checkpoint: ROWS, snapshot: { storedAt: profile.clock.ms } })
  expect(statusOf(await openTab(profile))).toMatchObject({ checkpoint: ROWS })
})

test('whoever opens after it folds from the log, and what was stored is freed', async () => {
  const profile = createProfile()
  const tab = await openStored(profile)
  await tab.views.dropSnapshot('items')
  expect((await profile.store.size()).pages).toBe(0)
  expect(await profile.store.manifests()).toHaveLength(1)
  const fresh = await openTab(profile)
  expect(statusOf(fresh)).toMatchObject({ checkpoint: 0 })
  expect(statusOf(fresh).snapshot).toBeUndefined()
  await expectNaive(fresh, profile)
  await fresh.views.checkpoint()
  await expectNaive(await openTab(profile), profile)
  tab.views.noticeCheckpoint()
  await expectNaive(tab, profile)
})

test('another tab goes on from its base, is not folded anew, and stores the next one over the empty one (V2, V6)', async () => {
  const profile = createProfile()
  await openStored(profile).then((tab) => tab.close())
  let pagesRead = 0
  const getPages: typeof profile.store.getPages = (ids) => {
    pagesRead++
    return profile.store.getPages(ids)
  }
  const other = await openTab(profile, everything, {
    store: { ...profile.store, getPages },
    bounds: { cacheBytes: 1 },
  })
  const tab = await openTab(profile)
  await tab.views.dropSnapshot('items')
  expect((await profile.store.size()).pages).toBeGreaterThan(0)
  other.views.noticeCheckpoint()
  expect(await ask(other, 'items', 'get', 'k9')).toMatchObject({ points: 9 })
  expect(pagesRead).toBeGreaterThan(0)
  expect(statusOf(other)).toMatchObject({ state: 'live', checkpoint: ROWS })
  expect(statusOf(other).snapshot).toBeUndefined()
  await profile.append(Adjusted({ id: 'k1', points: 7 }))
  await ask(other, 'items', 'count')
  await other.views.checkpoint()
  expect(statusOf(other).snapshot).toBeDefined()
  expect(statusOf(await openTab(profile))).toMatchObject({ checkpoint: ROWS + 1 })
  await tab.views.checkpoint()
  other.views.noticeCheckpoint()
  for (const each of [tab, other, await openTab(profile)]) await expectNaive(each, profile)
})

test('two tabs that drop at once, while a third stores, end with one truth', async () => {
  const profile = createProfile()
  const one = await openStored(profile)
  const [two, three] = [await openTab(profile), await openTab(profile)]
  await Promise.all([
    one.views.dropSnapshot('items'),
    two.views.dropSnapshot('items'),
    profile.append(Adjusted({ id: 'k1', points: 7 })),
    three.views.checkpoint(),
    one.views.dropSnapshot('perStatus'),
  ])
  for (const tab of [one, two, three]) await tab.views.checkpoint()
  for (const tab of [one, two, three, await openTab(profile)]) await expectNaive(tab, profile)
})

test('what is refused on the way leaves the view as it was; who gives up waiting does not stop it (D4)', async () => {
  const profile = createProfile()
  const tab = await openStored(profile)
  const lost = new HeadwaterError('STORAGE_LOST', 'The connection broke.', { hint: 'Wait.' })
  const broken = await openTab(profile, everything, {
    store: { ...profile.store, putManifest: () => Promise.reject(lost) },
  })
  await expect(broken.views.dropSnapshot('items')).rejects.toBe(lost)
  await expectNaive(broken, profile)
  const busy = await openTab(profile, everything, {
    store: { ...profile.store, putManifest: async () => 'superseded' },
  })
  await expect(busy.views.dropSnapshot('items')).rejects.toMatchObject({ code: 'STORAGE_BLOCKED' })
  expect(statusOf(busy).snapshot).toBeDefined()
  await expectNaive(busy, profile)
  await expect(tab.views.dropSnapshot('items', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'ABORTED',
  })
  await expect.poll(() => statusOf(tab).snapshot).toBeUndefined()
  await expectNaive(tab, profile)
})

test('a dropped search index is indexed anew from the rows, and stored again (V2)', async () => {
  const profile = createProfile()
  const tab = await openStored(profile, searched)
  await tab.views.dropSnapshot('found')
  await ask(tab, 'found', 'search', 'o1')
  await tab.views.checkpoint()
  const { snapshot } = statusOf(tab, 'found')
  expect(snapshot?.storedAt).toBe(profile.clock.ms)
  expect(snapshot?.bytes).toBeGreaterThan(1_000)
  const other = await openTab(profile, searched)
  await ask(other, 'found', 'search', 'o1')
  expect(statusOf(other, 'found').snapshot).toEqual(snapshot)
  await tab.views.dropSnapshot('found')
  expect(statusOf(tab, 'found').snapshot).toBeUndefined()
  other.views.noticeCheckpoint()
  await expect.poll(() => statusOf(other, 'found').snapshot).toBeUndefined()
  for (const each of [tab, other, await openTab(profile, searched)]) {
    const { value } = await each.views.query({ view: 'found', method: 'search', args: ['o1'] })
    expect((value as { readonly total: number }).total).toBe(17)
  }
  await tab.views.checkpoint()
  expect(statusOf(tab, 'found').snapshot).toBeDefined()
  expect((await tab.views.verify('found')).equal).toBe(true)
})
