// Every view of the demo as axe sees it, in light and in dark, and at the width of a telephone. A new view gets a line in the
// list. What axe says of structure does not hang on the colours: in dark only the contrast is looked at again.
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import { detail, expect, generate, list, open, test } from './demo-page.ts'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface View {
  readonly name: string
  /** Goes there from the view before. */
  readonly reach: (page: Page) => Promise<void>
}

const goTo = (place: string, heading: string) => async (page: Page) => {
  await page.goto(`/#/${place}`)
  await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeAttached()
}

const VIEWS: readonly View[] = [
  { name: 'the empty page', reach: open },
  {
    name: 'the form of a new issue',
    reach: async (page) => {
      await page.keyboard.press('n')
      await page.keyboard.press('Control+Enter')
      await expect(page.getByLabel('Title')).toBeFocused()
    },
  },
  {
    name: 'the list and an issue with its history',
    reach: async (page) => {
      await generate(page, '1,000')
      await list(page).getByRole('listitem').nth(2).click()
      await page.getByText('Why is it so?').click()
      await expect(detail(page).locator('.history li').first()).toBeVisible()
    },
  },
  {
    name: 'what a search found, and the form of an issue',
    reach: async (page) => {
      await page.getByLabel('Search issues').fill('report')
      await expect(list(page).locator('mark').first()).toBeVisible()
      await page.getByRole('button', { name: 'Edit' }).click()
    },
  },
  { name: 'the board', reach: goTo('board', 'Board') },
  {
    name: 'the numbers',
    reach: async (page) => {
      await goTo('numbers', 'Numbers')(page)
      await page.getByText('As a table').first().click()
      await page.getByRole('slider', { name: 'Age of open issues' }).focus()
    },
  },
  { name: 'the machine room', reach: goTo('room', 'Machine room') },
  { name: 'the experiments', reach: goTo('experiments', 'Experiments') },
  {
    name: 'the palette with commands',
    reach: async (page) => {
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('option', { name: 'New issue' })).toBeVisible()
    },
  },
  {
    name: 'the palette with issues',
    reach: async (page) => {
      await page.keyboard.type('report')
      await expect(page.getByRole('option').locator('mark').first()).toBeVisible()
    },
  },
  {
    name: 'a dialog',
    reach: async (page) => {
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Generate' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'a failure and a notice',
    reach: async (page) => {
      await page.keyboard.press('Escape')
      const files = page.getByLabel('File of events').first()
      await files.setInputFiles({ name: 'x.ndjson', mimeType: 'text/plain', buffer: Buffer.from('no event') })
      await expect(page.getByRole('dialog', { name: 'Nothing was imported' })).toBeVisible()
    },
  },
]

/** The places once more, where the header and the places are another. */
const NARROW: readonly View[] = ['issues', 'board', 'numbers', 'room', 'experiments'].map((place) => ({
  name: `${place} at 360 px`,
  reach: async (page) => {
    await page.goto(`/#/${place}`)
    await expect(page.locator('main h1')).toBeAttached()
  },
}))

test('axe finds nothing in any view, in light and in dark (all impacts)', { tag: '@main' }, async ({
  page,
}) => {
  // Some thirty runs of axe, of about half a second each where nothing else runs.
  test.slow()
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  for (const view of VIEWS) await expectAccessible(page, view)
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 360, height: 740 })
  for (const view of NARROW) {
    await expectAccessible(page, view)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), view.name).toBe(360)
  }
})

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
  }[]
}

async function expectAccessible(page: Page, { name, reach }: View): Promise<void> {
  await reach(page)
  // A list whose rows are still being read scrolls, and has nothing to focus yet.
  await expect(page.locator('.list:not(:has(a, button, .nothing))')).toHaveCount(0)
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: axePath })
  expect.soft(await findings(page, 'axe.run()'), `${name}, light`).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect.soft(await findings(page, `axe.run({ runOnly: ['color-contrast'] })`), `${name}, dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

async function findings(page: Page, run: string): Promise<readonly string[]> {
  const { violations }: AxeResults = await page.evaluate(run)
  return violations.map(
    ({ id, impact, nodes }) =>
      `${id} (${impact}): ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
  )
}
