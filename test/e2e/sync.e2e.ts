// Two people with the demo, each with a browser profile of their own, and a hub in a process of its own over real sockets;
// and several real tabs of one profile, of which the one that syncs is closed or frozen.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, expect as baseExpect, type Locator, type Page, test } from '@playwright/test'
import { freePort, type HubProcess, serveProcess } from '../hub/hub-process.ts'
import type {} from './tabs/page.ts'

const expect = baseExpect.configure({ timeout: 20_000 })
const list = (page: Page): Locator => page.getByRole('region', { name: 'Issues' })
const detail = (page: Page): Locator => page.getByRole('region', { name: 'Issue', exact: true })
const syncButton = (page: Page): Locator => page.getByRole('button', { name: /^Sync: / })

let folder = ''
let port = 0
let running: HubProcess
const startHub = async (): Promise<void> => {
  running = await serveProcess(folder, port, ['--origin', '*'])
}
const stopHub = async (): Promise<void> => {
  running.child.kill('SIGTERM')
  await running.exited
}

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-e2e-'))
  port = await freePort()
  await startHub()
})
test.afterAll(async () => {
  await stopHub()
  rmSync(folder, { recursive: true, force: true })
})

const drawName = (): string => `e2e-${Math.random().toString(36).slice(2)}`

async function openDemo(context: BrowserContext, workspace: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`/?workspace=${workspace}&hub=${port}`)
  await expect(syncButton(page)).toHaveText(/^live/)
  return page
}

async function openIssue(page: Page, title: string): Promise<void> {
  await page.keyboard.press('n')
  await page.getByLabel('Title').fill(title)
  await page.keyboard.press('Control+Enter')
  await expect(detail(page).getByRole('heading', { level: 2 })).toHaveText(title)
}

async function retitle(page: Page, from: string, to: string): Promise<void> {
  await list(page)
    .getByRole('link', { name: new RegExp(from) })
    .click()
  await detail(page).getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByLabel('Title').fill(to)
  await page.keyboard.press('Enter')
  await expect(detail(page).getByRole('heading', { level: 2 })).toHaveText(to)
}

/** Types at the start of the description of the issue that is open. */
async function typeDescription(page: Page, text: string): Promise<void> {
  const description = detail(page).getByRole('textbox', { name: 'Description' })
  await description.click()
  await page.keyboard.press('Control+Home')
  await page.keyboard.type(text)
  await expect(description).toContainText(text)
  await description.blur()
}

/** What a page shows: rows, what a search finds, numbers. */
function shown(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const db = window.db
    if (!db) return ''
    await db.settled()
    const { issues, comments, issueSearch, byStatus, byAssignee } = db.views
    const { hits } = await issueSearch.search('anchor', { limit: 100 })
    const found = hits.map(({ key, score }) => [key, score])
    const rows = [await issues.range('key'), await comments.range('key')]
    return JSON.stringify([rows, found, await byStatus.range(), await byAssignee.range()])
  })
}

test('both edit offline, the same issue and its text among it; back on the hub they show the same rows, text, hits and numbers (R3)', {
  tag: '@main',
}, async ({ browser }) => {
  const workspace = drawName()
  const contexts = [await browser.newContext(), await browser.newContext()]
  const ann = await openDemo(contexts[0]!, workspace)
  const bob = await openDemo(contexts[1]!, workspace)
  await openIssue(ann, 'The anchor drags')
  await expect(list(bob).getByRole('link', { name: /The anchor drags/ })).toBeVisible()
  await stopHub()
  await expect(syncButton(ann)).toHaveText(/^(offline|connecting)/)
  await expect(syncButton(bob)).toHaveText(/^(offline|connecting)/)
  await retitle(ann, 'The anchor drags', 'The anchor drags in mud')
  await typeDescription(ann, 'Ann saw it.')
  await openIssue(ann, 'An anchor of Ann')
  await retitle(bob, 'The anchor drags', 'The anchor drags on rocks')
  await typeDescription(bob, 'Bob heard it.')
  await detail(bob).getByRole('button', { name: 'Close', exact: true }).click()
  await openIssue(bob, 'An anchor of Bob')
  await expect(syncButton(ann)).toHaveText(/to send/)
  expect(await shown(ann)).not.toBe(await shown(bob))
  await startHub()
  await expect(syncButton(ann)).toHaveText(/^live/)
  await expect.poll(async () => (await shown(ann)) === (await shown(bob)), { timeout: 20_000 }).toBe(true)
  for (const page of [ann, bob]) {
    // Bob wrote last: the same title wins for both.
    await expect(list(page).getByRole('link', { name: /The anchor drags on rocks/ })).toBeVisible()
    await expect(list(page).getByRole('link', { name: /An anchor of/ })).toHaveCount(2)
    await list(page)
      .getByRole('link', { name: /on rocks/ })
      .click()
    const description = detail(page).getByRole('textbox', { name: 'Description' })
    for (const text of ['Ann saw it.', 'Bob heard it.']) await expect(description).toContainText(text)
    await page.getByLabel('Search issues').fill('anchor')
    await expect(list(page).locator('mark').first()).toBeVisible()
  }
  await expect(syncButton(ann)).toHaveText('live, 1 more here')
  await Promise.all(contexts.map((context) => context.close()))
})

async function openTab(page: Page, name: string): Promise<Page> {
  await page.goto(`/test/e2e/tabs/index.html?name=${name}&hub=${port}`)
  await page.waitForFunction(() => 'tab' in window)
  return page
}
const becomes = (page: Page, state: string): Promise<unknown> =>
  page.waitForFunction((wanted) => window.tab.db.sync?.get().state === wanted, state)
const leads = (page: Page): Promise<unknown> => page.waitForFunction(() => window.tab.db.sync?.get().leads)
/** Raises in one page until the hub has it. */
const raiseAndReach = (page: Page, tab: string): Promise<void> =>
  page.evaluate(async (by) => {
    const [receipt] = await window.tab.raise(by, 1)
    if (receipt) await window.tab.db.sync?.reached(receipt, 'hub')
  }, tab)

test('when the tab that syncs is closed, another goes on with what both wrote', async ({ browser }) => {
  const context = await browser.newContext()
  const name = drawName()
  const one = await openTab(await context.newPage(), name)
  await leads(one)
  const two = await openTab(await context.newPage(), name)
  await Promise.all([becomes(one, 'live'), becomes(two, 'live')])
  expect(await two.evaluate(() => window.tab.db.sync?.get().leads)).toBe(false)
  await raiseAndReach(two, 'two')
  await one.close()
  await leads(two)
  await raiseAndReach(two, 'two')
  await context.close()
})

test('when the tab that syncs is frozen, another leads within seconds, and it harms nothing when it wakes up', {
  tag: '@long',
}, async ({ browser }) => {
  const context = await browser.newContext()
  const name = drawName()
  const one = await openTab(await context.newPage(), name)
  await leads(one)
  const two = await openTab(await context.newPage(), name)
  await becomes(two, 'live')
  // The worker of the leading tab stands still, with its lock, its socket and its open database.
  const thawed = one.workers()[0]?.evaluate((ms) => {
    const endMs = performance.now() + ms
    while (performance.now() < endMs);
  }, 12_000)
  await leads(two)
  await raiseAndReach(two, 'two')
  await thawed
  await one.waitForFunction(() => window.tab.db.sync?.get().leads === false)
  await Promise.all([becomes(one, 'live'), becomes(two, 'live')])
  await raiseAndReach(one, 'one')
  const totals = (page: Page): Promise<string> =>
    page.evaluate(async () => JSON.stringify(await window.tab.db.views.totals.range()))
  await expect.poll(() => totals(two)).toBe(await totals(one))
  await context.close()
})

/** A bound for something that waits by mistake, not for speed: other things run beside this. */
function expectMedian(saidMs: readonly number[], seenMs: readonly number[], boundMs: number): void {
  const tookMs = saidMs.map((ms, at) => (seenMs[at] ?? Infinity) - ms).sort((a, b) => a - b)
  const medianMs = tookMs[tookMs.length >> 1] ?? Infinity
  // In the report of the run.
  test.info().annotations.push({ type: 'median', description: `${medianMs.toFixed(1)} ms` })
  expect(medianMs).toBeLessThan(boundMs)
}

test('a commit of one page, not the one that syncs, is seen in the other through the hub within a moment', {
  tag: '@long',
}, async ({ browser }) => {
  const [left, right] = [await browser.newContext(), await browser.newContext()]
  const name = drawName()
  const leader = await openTab(await left.newPage(), name)
  await leads(leader)
  const writer = await openTab(await left.newPage(), name)
  const reader = await openTab(await right.newPage(), name)
  await Promise.all([becomes(writer, 'live'), becomes(reader, 'live')])
  const rounds = 15
  const seeing = reader.evaluate(async (count) => {
    const { live } = window.tab
    const seenMs: number[] = []
    await new Promise<void>((resolve) => {
      live.subscribe(() => {
        const raises = live.state().data?.[0]?.raises ?? 0
        while (seenMs.length < raises) seenMs.push(performance.timeOrigin + performance.now())
        if (raises >= count) resolve()
      })
    })
    return seenMs
  }, rounds)
  const saidMs = await writer.evaluate(async (count) => {
    const said: number[] = []
    for (let round = 0; round < count; round++) {
      said.push(performance.timeOrigin + performance.now())
      await window.tab.raise('one', 1)
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    return said
  }, rounds)
  const seenMs = await seeing
  expectMedian(saidMs, seenMs, 400)
  await Promise.all([left.close(), right.close()])
})

test('what is typed in one page, not the one that syncs, is seen in the other through the hub within a moment', {
  tag: '@long',
}, async ({ browser }) => {
  const [left, right] = [await browser.newContext(), await browser.newContext()]
  const name = drawName()
  const leader = await openTab(await left.newPage(), name)
  await leads(leader)
  const writer = await openTab(await left.newPage(), name)
  const reader = await openTab(await right.newPage(), name)
  await Promise.all([becomes(writer, 'live'), becomes(reader, 'live')])
  const rounds = 10
  const opened = await reader.evaluateHandle(async () => {
    const { doc } = await window.tab.db.views.pads.open('pad')
    const text = doc.getText('body')
    const seenMs: number[] = []
    doc.on('update', () => {
      while (seenMs.length < text.length) seenMs.push(performance.timeOrigin + performance.now())
    })
    return seenMs
  })
  const saidMs = await writer.evaluate(async (count) => {
    const { doc } = await window.tab.db.views.pads.open('pad')
    const said: number[] = []
    for (let round = 0; round < count; round++) {
      said.push(performance.timeOrigin + performance.now())
      doc.getText('body').insert(round, 'x')
      await new Promise((resolve) => setTimeout(resolve, 350))
    }
    return said
  }, rounds)
  await expect.poll(() => opened.evaluate(({ length }) => length)).toBe(rounds)
  expectMedian(saidMs, await opened.jsonValue(), 600)
  await Promise.all([left.close(), right.close()])
})
