// The palette, the theme and the charts, by keyboard alone.
import { detail, expect, generate, open, test } from './demo-page.ts'

test('everything is reached from the palette by keyboard, and the focus goes back', async ({ page }) => {
  await open(page)
  await generate(page, '1,000')
  await page.getByLabel('Search issues', { exact: true }).focus()
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Search issues and commands' })
  const active = page.getByRole('dialog').getByRole('option', { selected: true })
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByLabel('Search issues', { exact: true })).toBeFocused()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('dark')
  await expect(active).toHaveText('Dark theme')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByLabel('Search issues', { exact: true })).toBeFocused()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('keyboard shortc')
  const found = page.getByRole('group', { name: 'Issues' }).getByRole('option')
  // Of the whole text: an answer to a part of it has other issues in other places.
  await expect(page.locator('.palette-summary[data-text="keyboard shortc"]')).toHaveText(/issues found/)
  await expect(found.locator('mark').first()).toHaveText(/keyboard|shortcuts/i)
  await expect(field).toHaveAttribute('aria-activedescendant', (await found.first().getAttribute('id')) ?? '')
  await page.keyboard.press('ArrowUp')
  await expect(found.last()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(found.first()).toHaveAttribute('aria-selected', 'true')
  const title = (await found.first().locator('.choice-title').textContent()) ?? ''
  await page.keyboard.press('Enter')
  await expect(detail(page).getByRole('heading', { level: 2 })).toHaveText(title)

  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(detail(page).getByRole('heading', { level: 2 })).toHaveText(title)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('group', { name: 'Recent' }).getByRole('option')).toHaveText([
    title,
    'Dark theme',
  ])
  await page.keyboard.type('numbers')
  await page.keyboard.press('Enter')

  const weeks = page.getByRole('slider', { name: 'Opened and closed by week' })
  const readout = page.getByRole('region', { name: 'By week' }).locator('.readout')
  await weeks.focus()
  await expect(weeks).toHaveAttribute('aria-valuetext', /W\d\d: \d+ issues opened, \d+ closed/)
  const newest = (await readout.textContent()) ?? ''
  await page.keyboard.press('ArrowLeft')
  await expect(readout).not.toHaveText(newest)
  await expect(readout).toHaveText((await weeks.getAttribute('aria-valuetext')) ?? '')
  const chart = page.locator('.chart').first()
  const dark = await chart.screenshot()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('light theme')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  expect((await chart.screenshot()).equals(dark)).toBe(false)
})
