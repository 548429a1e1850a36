// The pictures of the README, each at the width of a telephone, a tablet and a desk: made by walking through the demo on a log
// that is generated from one seed, and only by `npm run pictures`, since they are committed. A picture is bounded in size.
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, generate, list, open, test } from './demo-page.ts'

const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 960 },
  { width: 1_440, height: 640 },
] as const
const BYTES_AT_MOST = 180 * 1_024

const fileOf = (name: string, width: number): string =>
  fileURLToPath(new URL(`../../docs/${name}-${width}.png`, import.meta.url))

/** `leastHeight` is for what is only whole on a higher screen. */
async function take(page: Page, name: string, leastHeight = 0): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize({ width: size.width, height: Math.max(size.height, leastHeight) })
    const path = fileOf(name, size.width)
    // Until two pictures in a row are the same: what comes late is in it.
    let before = await page.screenshot()
    await expect
      .poll(async () => {
        const now = await page.screenshot({ path, animations: 'disabled' })
        const isStill = now.equals(before)
        before = now
        return isStill
      })
      .toBe(true)
    expect(statSync(path).size, path).toBeLessThan(BYTES_AT_MOST)
  }
}

test('every place has its picture, at three widths', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await open(page, '/?workspace=pictures')
  await generate(page, '1,000')
  await page.evaluate(() => window.db?.settled())
  await page.reload()

  await expect(list(page).getByRole('listitem').first()).toBeVisible()
  await take(page, 'issues')
  await page.goto('/?workspace=pictures#/board')
  await take(page, 'board')
  await page.goto('/?workspace=pictures#/numbers')
  await expect(page.getByRole('slider', { name: 'Age of open issues' })).toBeAttached()
  await take(page, 'numbers')
  await page.getByRole('button', { name: 'Time travel' }).click()
  await page.getByRole('slider', { name: /^Event / }).fill('300')
  await expect(page.getByText('You see the page as of event 300')).toBeVisible()
  await take(page, 'time-travel')
  await page.getByRole('button', { name: 'Close time travel' }).click()

  await page.goto('/?workspace=pictures#/room/view/byAssignee')
  await page.getByRole('button', { name: 'Break it' }).click()
  await page.goto('/?workspace=pictures#/room')
  await page.getByRole('button', { name: 'Open an issue' }).click()
  await expect(page.locator('main').getByText('parked').first()).toBeVisible()
  await take(page, 'room', 900)

  await page.goto('/?workspace=pictures#/experiments/two-devices')
  await page.getByRole('radio', { name: /^Tea on both/ }).check()
  await page.getByRole('button', { name: 'Go offline and disagree' }).click()
  await expect(page.getByText('As you said.')).toBeVisible()
  await take(page, 'experiment', 900)
})
