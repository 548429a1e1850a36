// The demo as people use it: by keyboard, with real files, in two tabs, in light and dark. Each test has a browser
// profile of its own, so it begins with an empty log; whatever the page says to the console is a failure.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from '@playwright/test'
import { complaintsOf, detail, expect, generate, list, open, showsAll, tabTo, test } from './demo-page.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

async function pressButton(page: Page, name: string): Promise<void> {
  await tabTo(page, detail(page).getByRole('button', { name, exact: true }))
  await page.keyboard.press('Enter')
}

test('an issue lives its whole life by keyboard alone', { tag: '@main' }, async ({ page }) => {
  await open(page)
  await page.keyboard.press('n')
  await expect(page.getByLabel('Title')).toBeFocused()
  await page.keyboard.type('The anchor drags')
  await page.keyboard.press('Tab')
  await page.keyboard.type('In mud, with little chain.')
  await page.keyboard.press('Control+Enter')
  const heading = detail(page).getByRole('heading', { level: 2 })
  await expect(heading).toHaveText('The anchor drags')

  const description = detail(page).getByRole('textbox', { name: 'Description' })
  await tabTo(page, description)
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' And n/ no wind.')
  await expect(description).toHaveText('In mud, with little chain. And n/ no wind.')

  await pressButton(page, 'Edit')
  await expect(page.getByLabel('Title')).toBeFocused()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('The anchor drags in mud')
  await page.keyboard.press('Enter')
  await expect(heading).toHaveText('The anchor drags in mud')

  await pressButton(page, 'Close')
  await expect(detail(page).getByText('closed', { exact: true })).toBeVisible()
  await pressButton(page, 'Reopen')
  await expect(detail(page).getByText('open', { exact: true })).toBeVisible()

  await tabTo(page, page.getByLabel('Comment', { exact: true }))
  await page.keyboard.type('More chain helped.')
  await page.keyboard.press('Control+Enter')
  await expect(detail(page).getByRole('heading', { name: '1 comment' })).toBeVisible()

  await tabTo(page, page.getByText('Why is it so?'))
  await page.keyboard.press('Enter')
  await expect(detail(page).locator('.history li')).toHaveCount(6)
  // Outside of fields, the last change is taken back, and made again.
  await page.keyboard.press('Control+Z')
  await expect(detail(page).getByRole('heading', { name: 'Comments' })).toBeVisible()
  await page.keyboard.press('Control+Shift+Z')
  await expect(detail(page).getByRole('heading', { name: '1 comment' })).toBeVisible()
  await expect(detail(page).locator('.history li')).toHaveCount(8)

  await pressButton(page, 'Delete')
  const undo = page.locator('.notice', { hasText: 'Deleted' }).getByRole('button', { name: 'Undo' })
  await expect(undo).toBeVisible()
  await expect(list(page).getByRole('link', { name: /The anchor drags/ })).toHaveCount(0)
  await tabTo(page, undo)
  await page.keyboard.press('Enter')
  await expect(heading).toHaveText('The anchor drags in mud')
})

test('what is searched for is found as it is typed, and marked', { tag: '@main' }, async ({ page }) => {
  await open(page)
  await generate(page, '1,000')
  await expect(list(page)).toBeVisible()
  await page.keyboard.press('/')
  await expect(page.getByLabel('Search issues')).toBeFocused()
  await page.keyboard.type('keyboard shortc')
  await expect(list(page).getByText(/of [\d,]+ issues|issues found/)).toBeVisible()
  await expect(list(page).locator('mark').first()).toHaveText(/keyboard|shortcuts/i)
  const found = list(page).getByRole('listitem')
  expect(await found.count()).toBeGreaterThan(3)
  await page.getByLabel('Search issues').fill('zzyzx')
  await expect(list(page).getByText('0 issues found')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByLabel('Search issues')).toHaveValue('')
})

test('the index is made before somebody searches: after many issues came, and where the search gets the focus', async ({
  page,
}) => {
  const indexed = (): Promise<number | undefined> =>
    page.evaluate(() => window.db?.status.get().views.find(({ name }) => name === 'issueSearch')?.memoryBytes)
  await open(page)
  await generate(page, '1,000')
  await expect.poll(indexed).toBeGreaterThan(0)
  await page.reload()
  await expect(list(page).getByRole('listitem').first()).toBeVisible()
  expect(await indexed()).toBe(0)
  await page.keyboard.press('/')
  await expect.poll(indexed).toBeGreaterThan(0)
})

test('a reload shows the same issues, numbers and log', { tag: '@main' }, async ({ page }) => {
  await open(page)
  await generate(page, '1,000')
  await showsAll(page)
  const rows = list(page).getByRole('listitem')
  const before = await rows.allInnerTexts()
  expect(before.length).toBeGreaterThan(8)
  await page.reload()
  await expect(page.getByText('1,000 events')).toBeVisible()
  await showsAll(page)
  expect(await rows.allInnerTexts()).toEqual(before)
  await page.getByRole('link', { name: 'Numbers' }).click()
  await expect(page.getByRole('heading', { name: 'By week' })).toBeVisible()
  await page.getByRole('region', { name: 'By week' }).getByText('As a table').click()
  await expect(page.getByRole('row', { name: /W\d\d/ })).toHaveCount(53)
})

test('the list is as long as all its issues, holds few rows, jumps anywhere, and can be filtered', {
  tag: '@main',
}, async ({ page }) => {
  await open(page)
  await generate(page, '1,000')
  await showsAll(page)
  const rows = list(page).getByRole('listitem')
  const links = rows.getByRole('link')
  await links.first().focus()
  await page.keyboard.press('End')
  const oldest = await page.evaluate(
    async () => (await window.db?.views.issues.range('byTime', { limit: 1 }))?.[0],
  )
  await expect(links.last()).toBeFocused()
  await expect(links.last()).toHaveAttribute('href', `#/issues/${oldest?.id}`)
  expect(await rows.count()).toBeLessThan(60)
  await page.getByText(/^Closed/).click()
  await expect(page).toHaveURL(/status=closed/)
  await expect(list(page).locator('[data-status="open"]')).toHaveCount(0)
  await page.getByLabel('Label', { exact: true }).selectOption('regression')
  await expect(links.first()).toContainText('regression')
  await expect(list(page).locator('[data-status="open"]')).toHaveCount(0)
  const found = await page.evaluate(() =>
    window.db?.views.issues.count('byLabel', { prefix: ['regression', 'closed'] }),
  )
  await expect(rows.first()).toHaveAttribute('aria-setsize', `${found}`)
  await page.goto('/#/issues?assignee=June+Park')
  await expect(rows.first().getByText('June Park')).toBeAttached()
})

test('cards move on the board by keyboard and by pointer, and what was moved is taken back', {
  tag: '@main',
}, async ({ page }) => {
  await open(page)
  await generate(page, '1,000')
  await page.getByRole('link', { name: 'Board', exact: true }).click()
  const [opened, closed] = ['Open', 'Closed'].map((name) => page.getByRole('region', { name, exact: true }))
  if (!opened || !closed) throw new Error('The board has no columns.')
  const title = async (column: Locator, nth: number): Promise<string> =>
    (await column.locator('.title').nth(nth).textContent()) ?? ''
  const first = await title(opened, 0)
  const count = Number(await closed.locator('h2 small').textContent())
  await tabTo(page, opened.getByRole('link').first())
  await page.keyboard.press('Shift+ArrowRight')
  await expect(page.getByText(`Closed “${first}”`)).toBeVisible()
  await expect(closed.locator('h2 small')).toHaveText(`${count + 1}`)
  await expect(opened.getByRole('link').first()).toBeFocused()
  await page.keyboard.press('Control+Z')
  await expect(opened.locator('.title').first()).toHaveText(first)
  await page.keyboard.press('ArrowDown')
  await expect(opened.getByRole('link').nth(1)).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(closed.getByRole('link').first()).toBeFocused()

  const second = await title(opened, 1)
  await opened.getByRole('link').nth(1).hover()
  await page.mouse.down()
  await closed.getByRole('link').first().hover({ trial: true })
  const { x, y } = (await closed.boundingBox())!
  await page.mouse.move(x + 90, y + 120, { steps: 6 })
  await expect(closed).toHaveAttribute('data-over', 'true')
  await page.mouse.up()
  await expect(page.getByText(`Closed “${second}”`)).toBeVisible()
  await expect(page).toHaveURL(/#\/board$/)

  await page.getByText('By assignee').click()
  const nobody = page.getByRole('region', { name: 'Nobody', exact: true })
  const third = await title(nobody, 0)
  await nobody.getByRole('link').first().focus()
  await page.keyboard.press('Shift+ArrowRight')
  await expect(page.getByRole('region', { name: 'You', exact: true }).locator('.title')).toHaveText(third)
})

test('two people write in one description at once, see each other’s cursors, and find what was written', {
  tag: '@main',
}, async ({ browser }) => {
  const workspace = `e2e-${Math.random().toString(36).slice(2)}`
  const contexts = [await browser.newContext(), await browser.newContext()]
  const complaints = contexts.map(complaintsOf)
  const [ann, bob] = await Promise.all(contexts.map((context) => context.newPage()))
  if (!ann || !bob) throw new Error('There are no two pages.')
  for (const page of [ann, bob]) {
    await page.goto(`/?workspace=${workspace}`)
    await expect(page.getByRole('button', { name: /^Sync: live/ })).toBeVisible()
  }
  await ann.keyboard.press('n')
  await ann.getByLabel('Title').fill('The mast creaks')
  await detail(ann).getByRole('textbox', { name: 'Description' }).fill('At night.')
  await ann.keyboard.press('Control+Enter')
  await list(bob)
    .getByRole('link', { name: /The mast creaks/ })
    .click()
  const texts = [ann, bob].map((page) => detail(page).getByRole('textbox', { name: 'Description' }))
  for (const text of texts) await text.click()
  await ann.keyboard.press('Control+End')
  await bob.keyboard.press('Control+Home')
  // Both begin at once: the plain text becomes a document twice, and is there once.
  await Promise.all([ann.keyboard.type(' In rain.'), bob.keyboard.type('Only ')])
  for (const text of texts) await expect(text).toContainText(/Only.*At night\..*In rain\./)
  await expect(texts[0]!.locator('.cm-ySelectionInfo')).toHaveCount(1)
  await expect(texts[1]!.locator('.cm-ySelectionInfo')).toHaveCount(1)
  await ann.keyboard.press('Control+Z')
  await expect(texts[1]!).not.toContainText('In rain')
  await bob.getByLabel('Search issues').fill('only')
  await expect(list(bob).locator('mark')).toHaveText(/only/i)
  expect(complaints.flat()).toEqual([])
  await Promise.all(contexts.map((context) => context.close()))
})

test('a file is imported, a second time changes nothing, and faults name their line', async ({ page }) => {
  await open(page)
  const choose = page.getByLabel('File of events').first()
  await choose.setInputFiles(fixture('issues.ndjson'))
  await expect(page.getByText('Imported 8 events')).toBeVisible()
  await expect(list(page).getByRole('link', { name: /The compass points south/ })).toBeVisible()
  await choose.setInputFiles(fixture('issues.ndjson'))
  await expect(page.getByText('Imported 0 events, 8 were here already')).toBeVisible()
  await choose.setInputFiles(fixture('issues-with-faults.ndjson'))
  const report = page.getByRole('dialog', { name: 'Nothing was imported' })
  await expect(report.getByText(', line 5')).toBeVisible()
  await expect(page.getByText('8 events', { exact: true })).toBeVisible()
  await report.getByRole('button', { name: 'Skip such lines' }).click()
  const skipped = page.getByRole('dialog', { name: 'Imported, with lines left out' })
  await expect(skipped.getByRole('listitem')).toHaveCount(2)
  await expect(skipped.getByText('Line 7')).toBeVisible()
  await skipped.getByRole('button', { name: 'Understood' }).click()
  await expect(skipped).toBeHidden()
})

test('a dropped file is imported', async ({ page }) => {
  await open(page)
  const text = await readFile(fixture('issues.ndjson'), 'utf8')
  await page.evaluate((text) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([text], 'dropped.ndjson'))
    for (const type of ['dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
  }, text)
  await expect(page.getByText('Imported 8 events')).toBeVisible()
})

test('an export, imported elsewhere, gives the same issues', { tag: '@main' }, async ({ page, browser }) => {
  await open(page)
  await generate(page, '1,000')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const path = await (await download).path()
  const other = await browser.newContext()
  const complaints = complaintsOf(other)
  const second = await other.newPage()
  await open(second)
  await second.getByLabel('File of events').first().setInputFiles(path)
  await expect(second.getByText('Imported 1,000 events')).toBeVisible()
  const rows = (of: Page): Locator => list(of).getByRole('listitem')
  await expect(rows(second).first()).toBeVisible()
  expect(await rows(second).allInnerTexts()).toEqual(await rows(page).allInnerTexts())
  expect(complaints).toEqual([])
  await other.close()
})

test('two tabs stay in step by themselves', { tag: '@main' }, async ({ context, page }) => {
  await open(page)
  const second = await context.newPage()
  await open(second)
  await page.keyboard.press('n')
  await page.getByLabel('Title').fill('Seen from both sides')
  await page.getByRole('button', { name: 'Open issue' }).click()
  const link = list(second).getByRole('link', { name: /Seen from both sides/ })
  await link.click()
  await detail(second).getByRole('button', { name: 'Close' }).click()
  await expect(detail(page).getByText('closed', { exact: true })).toBeVisible()
})

test('a database that another tab destroyed is said to be closed', async ({ page, context }) => {
  await open(page)
  const other = await context.newPage()
  await open(other)
  await other.evaluate(() => window.db?.destroy())
  await expect(page.getByText('database closed')).toBeVisible()
})

test('a fault of the form stands below its hint, not upon it', async ({ page }) => {
  await open(page)
  await page.keyboard.press('n')
  await page.getByLabel('Title').fill('   ')
  await page.keyboard.press('Control+Enter')
  const fault = page.getByRole('alert').locator('p')
  await expect(fault).toHaveCount(2)
  const [message, hint] = [await fault.nth(0).boundingBox(), await fault.nth(1).boundingBox()]
  expect(hint!.y).toBeGreaterThanOrEqual(message!.y + message!.height - 1)
})

test('views can be verified and rebuilt while the page is used', { tag: '@main' }, async ({ page }) => {
  await open(page)
  await generate(page, '1,000')
  await page.getByRole('link', { name: 'Machine room' }).click()
  const view = page.getByRole('listitem', { name: 'issues', exact: true })
  await view.getByRole('button', { name: 'Verify issues' }).click()
  await expect(view.getByText(/entries, all equal/)).toBeVisible()
  await view.getByRole('button', { name: 'Rebuild issues' }).click()
  await expect(view.getByText('Rebuilt')).toBeVisible()
  await expect(view.getByText('live')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Newest events' }).getByRole('listitem')).toHaveCount(12)
})
