// Several real tabs on one database: what each was given a receipt for is there exactly once for all of them, their live
// queries agree, and none waits for another.
import { expect, type Page, test } from '@playwright/test'
import type {} from './tabs/page.ts'

test.beforeEach(({ context }) => {
  context.setDefaultTimeout(20_000)
})

async function openTab(page: Page, name: string): Promise<Page> {
  await page.goto(`/test/e2e/tabs/index.html?name=${name}`)
  await page.waitForFunction(() => 'tab' in window)
  return page
}

const drawName = (): string => `tabs-${Math.random().toString(36).slice(2)}`
const settled = (page: Page): Promise<void> => page.evaluate(() => window.tab.db.settled())
const keysOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const { entries } = await window.tab.db.views.raises.page('key', { limit: 10_000 })
    return entries.map(({ key }) => key)
  })
const offsetsOf = (page: Page): Promise<readonly number[]> =>
  page.evaluate(async () =>
    (await window.tab.db.readLog({ limit: 10_000 })).entries.map(({ offset }) => offset),
  )

test('two tabs append at once: every receipt holds exactly once, and both show the same (L2, L6)', async ({
  context,
}) => {
  const name = drawName()
  const [one, two] = await Promise.all([
    openTab(await context.newPage(), name),
    openTab(await context.newPage(), name),
  ])
  const receipts = await Promise.all([
    one.evaluate(() => window.tab.raise('one', 500)),
    two.evaluate(() => window.tab.raise('two', 500)),
  ])
  expect(new Set(receipts.flat().map(({ offset }) => offset)).size).toBe(1_000)
  await Promise.all([settled(one), settled(two)])
  expect(await offsetsOf(one)).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 1))
  expect(await keysOf(two)).toEqual(await keysOf(one))
  const expected = JSON.stringify([
    { group: 'one', raises: 500, sum: 500 },
    { group: 'two', raises: 500, sum: 500 },
  ])
  await expect(one.locator('#shown')).toHaveText(expected)
  await expect(two.locator('#shown')).toHaveText(expected)
})

test('a tab that is closed in mid-append loses nothing that it had a receipt for, and stores nothing by half (L1, L5)', async ({
  context,
}) => {
  const name = drawName()
  const [one, two] = await Promise.all([
    openTab(await context.newPage(), name),
    openTab(await context.newPage(), name),
  ])
  const stored = new Set<string>()
  await one.exposeFunction('told', (ids: readonly string[]) => {
    for (const id of ids) stored.add(id)
  })
  const appending = one.evaluate(async () => {
    for (let round = 0; round < 1_000; round++) {
      const before = window.tab.stored.length
      await window.tab.raise('one', 20)
      const told: unknown = Reflect.get(window, 'told')
      if (typeof told === 'function') await told(window.tab.stored.slice(before))
    }
  })
  const closeAmid = async (): Promise<void> => {
    await expect.poll(() => stored.size).toBeGreaterThan(200)
    await one.close({ runBeforeUnload: false })
  }
  const other = two.evaluate(() => window.tab.raise('two', 200))
  await Promise.all([closeAmid(), other, appending.catch(() => undefined)])
  await settled(two)
  const keys = await keysOf(two)
  expect(new Set(keys).size).toBe(keys.length)
  for (const id of stored) expect(keys).toContain(id)
  const offsets = await offsetsOf(two)
  expect(offsets).toEqual(Array.from({ length: offsets.length }, (_, at) => at + 1))
  expect(offsets).toHaveLength(keys.length)
  expect(await two.evaluate(() => window.tab.db.verify('totals'))).toMatchObject({ equal: true })
})

test('a live query of one tab shows what another appended, without being asked (D3, L6)', async ({
  context,
}) => {
  const name = drawName()
  const one = await openTab(await context.newPage(), name)
  const two = await openTab(await context.newPage(), name)
  await one.evaluate(() => window.tab.raise('one', 3))
  await expect(two.locator('#shown')).toHaveText(JSON.stringify([{ group: 'one', raises: 3, sum: 3 }]))
})

test('a tab appends and reads at its own pace while another writes all the time (D2)', {
  tag: '@long',
}, async ({ context }) => {
  const name = drawName()
  const one = await openTab(await context.newPage(), name)
  const two = await openTab(await context.newPage(), name)
  const busy = one.evaluate(async () => {
    for (let round = 0; round < 60; round++) await window.tab.raise('one', 50)
  })
  const tookMs = await two.evaluate(async () => {
    const times: number[] = []
    for (let round = 0; round < 40; round++) {
      const start = performance.now()
      const [receipt] = await window.tab.raise('two', 1)
      await window.tab.db.views.totals.get('two', receipt ? { atLeast: receipt } : {})
      times.push(performance.now() - start)
    }
    return times.sort((a, b) => a - b)
  })
  await busy
  expect(tookMs[20]).toBeLessThan(100)
})

/** Every view of a tab at this head, and the shown totals with it. */
const isAt = (page: Page, head: number): Promise<boolean> =>
  page.evaluate((wanted) => {
    const { log, views } = window.tab.db.status.get()
    return (
      log.head === wanted && views.every(({ state, position }) => state === 'live' && position === wanted)
    )
  }, head)

test('20,000 events in quick commits: the tab that stores them and the one beside it are at the head seconds later (L6, D2)', {
  tag: '@long',
}, async ({ context }) => {
  const name = drawName()
  const one = await openTab(await context.newPage(), name)
  await one.waitForFunction(() => window.tab.db.status.get().leads)
  const two = await openTab(await context.newPage(), name)
  await one.evaluate(() => window.tab.flood('one', 2_000, 10))
  const expected = JSON.stringify([{ group: 'one', raises: 20_000, sum: 20_000 }])
  for (const page of [one, two]) {
    await expect.poll(() => isAt(page, 20_000), { timeout: 5_000 }).toBe(true)
    await expect(page.locator('#shown')).toHaveText(expected, { timeout: 1_000 })
  }
  await one.waitForFunction(() =>
    window.tab.db.status.get().views.every((view) => view.checkpoint === 20_000),
  )
  await expect.poll(() => isAt(two, 20_000)).toBe(true)
  expect(await two.evaluate(() => window.tab.db.verify('totals'))).toMatchObject({ equal: true })
})

test('when the leading tab closes, another leads', async ({ context }) => {
  const name = drawName()
  const one = await openTab(await context.newPage(), name)
  await one.waitForFunction(() => window.tab.db.status.get().leads)
  const two = await openTab(await context.newPage(), name)
  expect(await two.evaluate(() => window.tab.db.status.get().leads)).toBe(false)
  await one.close()
  await two.waitForFunction(() => window.tab.db.status.get().leads)
})

test('destroying the database in one tab closes it in the other, which says so (L8)', async ({ context }) => {
  const name = drawName()
  const one = await openTab(await context.newPage(), name)
  const two = await openTab(await context.newPage(), name)
  await one.evaluate(() => window.tab.raise('one', 3))
  await one.evaluate(() => window.tab.db.destroy())
  await two.waitForFunction(() => window.tab.db.status.get().state === 'closed')
  const names = await two.evaluate(async () => (await indexedDB.databases()).map((each) => each.name))
  expect(names.filter((each) => each?.includes(name))).toEqual([])
})
