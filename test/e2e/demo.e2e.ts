// The demo as people use it: by keyboard, with real files, in two tabs, in light and dark. Each test has a browser
// profile of its own, so it begins with an empty log; whatever the page says to the console is a failure.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from '@playwright/test'
import { complaintsOf, detail, expect, generate, list, open, tabTo, test } from './demo-page.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

async function pressButton(page: Page, name: string): Promise<void> {
  await tabTo(page, detail(page).getByRole('button', { name, exact: true }))
  await page.keyboard.press('Enter')
}

test('an issue lives its whole life by keyboard alone', async ({ page }) => {
  await open(page)
  await page.keyboard.press('n')
  await expect(page.getByLabel('Title')).toBeFocused()
  await page.keyboard.type('The anchor drags')
  await page.keyboard.press('Tab')
  await page.keyboard.type('In mud, with little chain.')
  await page.keyboard.press('Control+Enter')
  const heading = detail(page).getByRole('heading', { level: 2 })
  await expect(heading).toHaveText('The anchor drags')

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
  await expect(detail(page).locator('.history li')).toHaveCount(5)

  await pressButton(page, 'Delete')
  const undo = page.getByRole('button', { name: 'Undo' })
  await expect(undo).toBeVisible()
  await expect(list(page).getByRole('link', { name: /The anchor drags/ })).toHaveCount(0)
  await tabTo(page, undo)
  await page.keyboard.press('Enter')
  await expect(heading).toHaveText('The anchor drags in mud')
})

test('what is searched for is found as it is typed, and marked', async ({ page }) => {
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

test('a reload shows the same issues, numbers and log', async ({ page }) => {
  await open(page)
  await generate(page, '1,000')
  const rows = list(page).getByRole('listitem')
  await expect(rows.first()).toBeVisible()
  const before = await rows.allInnerTexts()
  expect(before).toHaveLength(25)
  await page.reload()
  await expect(page.getByText('1,000 events')).toBeVisible()
  await expect(rows.first()).toBeVisible()
  expect(await rows.allInnerTexts()).toEqual(before)
  await page.getByRole('link', { name: 'Numbers' }).click()
  await expect(page.getByRole('heading', { name: 'By week' })).toBeVisible()
  await page.getByRole('region', { name: 'By week' }).getByText('As a table').click()
  await expect(page.getByRole('row', { name: /W\d\d/ })).toHaveCount(53)
})

test('the list goes on as it is scrolled, holds few rows, and can be filtered', async ({ page }) => {
  await open(page)
  await generate(page, '10,000')
  const rows = list(page).getByRole('listitem')
  await expect(rows.first()).toBeVisible()
  await expect
    .poll(() =>
      page.locator('.list').evaluate((element) => {
        element.scrollTo(0, element.scrollHeight)
        return element.scrollHeight
      }),
    )
    .toBeGreaterThan(8_000)
  expect(await rows.count()).toBeLessThan(200)
  await page.getByText(/^Closed/).click()
  await expect(page).toHaveURL(/status=closed/)
  await expect(list(page).locator('[data-status="open"]')).toHaveCount(0)
  await page.getByLabel('Assignee', { exact: true }).selectOption('June Park')
  await expect(rows.first().getByText('June Park')).toBeAttached()
  await expect(list(page).locator('[data-status="open"]')).toHaveCount(0)
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

test('an export, imported elsewhere, gives the same issues', async ({ page, browser }) => {
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

test('two tabs stay in step by themselves', async ({ context, page }) => {
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

test('views can be verified and rebuilt while the page is used', async ({ page }) => {
  await open(page)
  await generate(page, '1,000')
  await page.getByRole('link', { name: 'Machine room' }).click()
  const view = page.getByRole('listitem', { name: 'issues', exact: true })
  await view.getByRole('button', { name: 'Verify issues' }).click()
  await expect(view.getByText(/entries, all equal/)).toBeVisible()
  await view.getByRole('button', { name: 'Rebuild issues' }).click()
  await expect(view.getByText('Rebuilt')).toBeVisible()
  await expect(view.getByText('live')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Newest events' }).getByRole('listitem')).toHaveCount(40)
})
