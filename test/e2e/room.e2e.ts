// The machine room as people use it: what the dataflow shows is what the engine says; a view is broken, paused, stripped of its
// snapshot and made whole again; the log leads to rows and rows to events; a second device; a walk into the past.
import { createRequire } from 'node:module'
import type { Locator, Page } from '@playwright/test'
import { expect, generate, open, test } from './demo-page.ts'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const flow = (page: Page): Locator => page.locator('.flow')
const node = (page: Page, name: string): Locator =>
  flow(page)
    .getByRole('link')
    .filter({ has: page.getByText(name, { exact: true }) })
const panel = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })
const go = (page: Page, place: string): Promise<unknown> =>
  page.goto(`${new URL(page.url()).search}#/${place}`)

/** The nodes that do not hold what they say, or are not whole in the picture. */
const cutNodes = (page: Page): Promise<readonly string[]> =>
  flow(page).evaluate((flow) => {
    const box = flow.getBoundingClientRect()
    const isCut = (node: Element): boolean => {
      const { left, top, right, bottom } = node.getBoundingClientRect()
      const head = node.querySelector('.node-head')!
      const isOut = left < box.left || right > box.right || top < box.top || bottom > box.bottom
      return isOut || head.scrollWidth > head.clientWidth
    }
    return [...flow.querySelectorAll('.node')].filter(isCut).map(({ textContent }) => textContent)
  })

async function openIssue(page: Page): Promise<void> {
  await go(page, 'room')
  await page.getByRole('button', { name: 'Open an issue' }).click()
}

test('the dataflow shows what the engine says; a view is broken, parked alone, mended, paused, and whole again', {
  tag: '@main',
}, async ({ page }) => {
  await open(page)
  await generate(page, '1,000')
  await go(page, 'room')
  const status = await page.evaluate(async () => {
    await window.db?.settled()
    return window.db?.status.get()
  })
  expect(status?.views.length).toBeGreaterThan(5)
  await expect(node(page, 'Log')).toContainText('events 1,000')
  for (const { name } of status?.views ?? []) {
    await expect(node(page, name)).toContainText('live')
    await expect(node(page, name)).toContainText('lag 0')
  }
  await expect(node(page, 'This page')).toContainText('live queries 3')
  expect(await cutNodes(page)).toEqual([])
  await node(page, 'byStatus').press('Enter')
  await expect(panel(page, 'byStatus')).toContainText('Folded from issues')
  await expect(panel(page, 'Groups').getByRole('listitem')).toHaveCount(2)

  const view = panel(page, 'byAssignee')
  await go(page, 'room/view/byAssignee')
  await view.getByRole('button', { name: 'Break it' }).click()
  await expect(view.getByText('its fold throws at the next event')).toBeVisible()
  await openIssue(page)
  await expect(node(page, 'byAssignee')).toContainText('parked')
  await expect(node(page, 'issues')).toContainText('live')
  await expect(node(page, 'byStatus')).toContainText('live')
  await go(page, 'numbers')
  await expect(panel(page, 'Open points by assignee')).toContainText('stands still')
  await expect(panel(page, 'Age of open issues')).toContainText('issues open in all')
  await panel(page, 'Open points by assignee').getByRole('button', { name: 'Open the machine room' }).click()
  await node(page, 'byAssignee').click()
  await expect(view.getByText('broken on purpose', { exact: false })).toBeVisible()
  await view.getByRole('button', { name: 'Mend it' }).click()
  await expect(view.getByText('Mended, and rebuilt from the log')).toBeVisible()
  await view.getByRole('button', { name: 'Verify' }).click()
  await expect(view.getByText(/entries, all equal/)).toBeVisible()

  await view.getByRole('button', { name: 'Pause' }).click()
  await openIssue(page)
  await expect(node(page, 'byAssignee')).toContainText('lag 1')
  await node(page, 'byAssignee').click()
  await view.getByRole('button', { name: 'Resume' }).click()
  await expect(view).toHaveAttribute('data-state', 'live')
  await view.getByRole('button', { name: 'Drop its snapshot' }).click()
  await expect(view.getByText('Snapshot dropped')).toBeVisible()
  await view.getByRole('button', { name: 'Verify' }).click()
  await expect(view.getByText(/entries, all equal/)).toBeVisible()
})

test('a parked table is told of once on the board, however many columns read it', async ({ page }) => {
  await open(page, '/?sync=off')
  await generate(page, '1,000')
  await go(page, 'room/view/issues')
  await panel(page, 'issues').getByRole('button', { name: 'Break it' }).click()
  await openIssue(page)
  await expect(node(page, 'issues')).toContainText('parked')
  await go(page, 'board')
  const columns = page.locator('.column')
  await expect(columns).toHaveCount(2)
  for (const column of await columns.all()) await expect(column.getByRole('listitem').first()).toBeVisible()
  await expect(page.locator('.board .fault')).toHaveCount(1)
  await expect(page.locator('.board .fault')).toContainText('broken on purpose')
})

test('log, rows and numbers lead to each other; storage is told; the page shows the past, and comes back', async ({
  page,
}) => {
  await open(page, '/?sync=off')
  await generate(page, '1,000')
  await go(page, 'room/log')
  const rows = page.getByRole('list', { name: 'Events, newest first' }).getByRole('listitem')
  await expect(rows.first().getByRole('link')).toContainText('1,000')
  await page.locator('.log-list').evaluate((list) => list.scrollTo(0, list.scrollHeight))
  await expect(rows.last().getByRole('link')).toContainText('issue.opened')
  await expect(rows.last()).toHaveAttribute('aria-posinset', '1000')

  await page.getByLabel('Type').selectOption('issue.closed')
  await expect(page.getByText(/^\d+ events found$/)).toBeVisible()
  await expect(rows.first().locator('.type')).toHaveText('issue.closed')
  await rows.first().getByRole('link').click()
  const event = page.getByRole('region', { name: /^Event / })
  const touched = event.getByRole('list', { name: 'The rows that it touched' }).getByRole('listitem')
  await expect(touched).toHaveCount(1)
  await touched.getByRole('button', { name: /^Why/ }).click()
  const why = page.getByRole('dialog')
  await expect(why.getByRole('link').first()).toContainText('issue.opened')
  await expect(why.getByRole('link').filter({ hasText: 'issue.closed' })).not.toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(why).toBeHidden()

  await go(page, 'room/storage')
  await expect(panel(page, 'Storage').getByRole('row', { name: /^log/ })).toContainText('KB')
  await page.getByLabel('Strict').check()
  await openIssue(page)
  await go(page, 'room/storage')
  await expect(panel(page, 'Committed or durable').getByRole('row').nth(1)).toContainText('strict')

  await go(page, 'numbers')
  await page.getByRole('button', { name: 'Why are so many issues open?' }).click()
  await expect(why.getByText(/\d+ rows of issues/)).toBeVisible()
  await why.locator('summary').first().click()
  await expect(why.getByRole('link').first()).toContainText('issue.opened')
  await page.keyboard.press('Escape')
  const people = page.getByRole('region', { name: 'Open points by assignee' })
  await people.getByText('As a table').click()
  await people
    .getByRole('button', { name: /^Why has .* so many issues closed\?$/ })
    .first()
    .click()
  await why.locator('summary').first().click()
  await expect(why.getByRole('link').filter({ hasText: 'issue.closed' })).not.toHaveCount(0)
  await page.keyboard.press('Escape')

  const openIssues = page.locator('dt', { hasText: /^Open$/ }).locator('xpath=following-sibling::dd/b')
  const [now, then] = await page.evaluate(async () => {
    const past = await window.db?.at(300)
    const now = await window.db?.views.byStatus.get('open')
    const then = await past?.views.byStatus.get('open')
    return [String(now?.issues), String(then?.issues)] as const
  })
  expect(then).not.toBe(now)
  await expect(openIssues).toHaveText(now)
  await page.getByRole('button', { name: 'Time travel' }).click()
  await page.getByRole('slider', { name: /^Event / }).fill('300')
  await expect(page.getByText('You see the page as of event 300')).toBeVisible()
  await expect(openIssues).toHaveText(then)
  await page.getByRole('button', { name: 'Back to now' }).click()
  await expect(openIssues).toHaveText(now)
})

test('a workspace has a database of its own; a second device meets the first; one that is offline sends later', async ({
  context,
  page,
}) => {
  const name = (): Promise<string | undefined> => page.evaluate(() => window.db?.name)
  await open(page, '/#/room/replicas')
  await expect(panel(page, 'Replicas')).toContainText('live')
  expect(await name()).toBe('tracker')
  // The log of a workspace is sent to no other: what is met first must not bind the rest of the profile to it.
  await open(page, '/?workspace=room-devices#/room/replicas')
  await expect(panel(page, 'Replicas')).toContainText('live')
  expect(await name()).toBe('tracker@room-devices')
  const opening = context.waitForEvent('page')
  await page.getByRole('link', { name: 'Open a second device' }).click()
  const second = await opening
  await second.waitForLoadState()
  await openIssue(second)
  const held = (of: Page): Promise<number | undefined> => of.evaluate(() => window.db?.status.get().log.head)
  await expect.poll(() => held(page)).toBe(1)
  const vectors = panel(page, 'Version vectors')
  await expect(vectors.getByRole('columnheader', { name: /Device 2/ })).toBeVisible()
  await expect(vectors.getByRole('row').filter({ hasText: 'device 2' }).getByRole('cell')).toHaveText([
    '1',
    '1',
  ])

  await page.getByRole('switch', { name: 'Online' }).click()
  await expect(panel(page, 'Replicas')).toContainText('Offline')
  await openIssue(page)
  await expect(node(page, 'Replicas')).toContainText('to send 1')
  expect(await held(second)).toBe(1)
  await go(page, 'room/replicas')
  await page.getByRole('switch', { name: 'Online' }).click()
  await expect.poll(() => held(second)).toBe(2)
  await page.reload()
  await expect(page.locator('.gauge', { hasText: 'Acknowledged' }).locator('b')).toHaveText('2')
  await second.close()
})

test('the header holds what it says at every width, also while something waits', async ({ page }) => {
  await open(page)
  await openIssue(page)
  await page.getByRole('button', { name: /^Sync: live/ }).click()
  await expect(page.getByRole('button', { name: /^Sync: paused/ })).toBeVisible()
  for (const width of [360, 600, 768, 992, 1_024, 1_280, 1_366, 1_440]) {
    await page.setViewportSize({ width, height: 700 })
    const right = await page
      .locator('.header > :last-child')
      .evaluate((last) => last.getBoundingClientRect().right)
    expect(right, `at ${width}`).toBeLessThanOrEqual(width)
    await expect(page.getByRole('link', { name: 'Machine room' })).toBeInViewport({ ratio: 1 })
  }
})

test('axe finds nothing in the machine room, and in dark its contrast is as good', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open(page)
  for (let issues = 1; issues <= 3; issues++) {
    await openIssue(page)
    await expect(node(page, 'Log')).toContainText(`events ${issues}`)
  }
  for (const place of ['', '/view/issues', '/reads', '/log', '/event/2', '/replicas', '/storage']) {
    await go(page, `room${place}`)
    await expect(page.locator('.engine .panel').first()).toBeVisible()
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await expectAccessible(page)
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await expectAccessible(page, ['color-contrast'])
  }
  await go(page, 'room')
  await page.getByRole('button', { name: 'Time travel' }).click()
  await page.getByRole('slider', { name: /^Event / }).fill('1')
  await expect(page.getByText('You see the page as of event 1')).toBeVisible()
  await page.getByRole('button', { name: 'Why are so many issues open?' }).click()
  await expect(page.getByText('One row of issues')).toBeVisible()
  await expectAccessible(page)
})

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
  }[]
}

/** By all rules, or by those that are named. */
async function expectAccessible(page: Page, rules?: readonly string[]): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: axePath })
  const { violations }: AxeResults = await page.evaluate(
    rules ? `axe.run({ runOnly: ${JSON.stringify(rules)} })` : 'axe.run()',
  )
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
  )
  expect(found).toEqual([])
}
