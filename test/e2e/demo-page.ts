// The demo as tests of it see it: a page whose every complaint is a failure, its regions, and the few things that all of
// them do. Each test has a browser profile of its own, so it begins with an empty log.
import {
  type BrowserContext,
  expect as baseExpect,
  test as baseTest,
  type Locator,
  type Page,
} from '@playwright/test'

export const expect = baseExpect.configure({ timeout: 15_000 })

/** Fails where a page says anything to the console but what it is allowed to. */
export const test = baseTest.extend<{ quiet: undefined }>({
  quiet: [
    async ({ context }, use) => {
      const complaints = complaintsOf(context)
      await use(undefined)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

/** What pages of the context complain about, as it comes. */
export function complaintsOf(context: BrowserContext): readonly string[] {
  const complaints: string[] = []
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  return complaints
}

export const list = (page: Page): Locator => page.getByRole('region', { name: 'Issues' })
export const detail = (page: Page): Locator => page.getByRole('region', { name: 'Issue', exact: true })

export async function open(page: Page, address = '/'): Promise<void> {
  await page.goto(address)
  await expect(page.getByRole('navigation', { name: 'Places' })).toBeVisible()
}

export async function generate(page: Page, count: '1,000' | '10,000'): Promise<void> {
  await page.getByRole('group', { name: 'Data' }).getByRole('button', { name: 'Generate' }).click()
  await page.getByRole('button', { name: `${count} events`, exact: true }).click()
  await expect(page.getByText(`Stored ${count} events`)).toBeVisible()
}

/** Waits until the list shows what the log holds: as many issues, the newest first. */
export async function showsAll(page: Page): Promise<void> {
  const { count, newest } = await page.evaluate(async () => {
    const db = window.db!
    await db.settled()
    const { issues } = db.views
    const [row] = await issues.range('byTime', { reverse: true, limit: 1 })
    return { count: await issues.count('byTime'), newest: row?.id }
  })
  const first = list(page).getByRole('listitem').first()
  await expect(first).toHaveAttribute('aria-setsize', `${count}`)
  await expect(first.getByRole('link')).toHaveAttribute('href', `#/issues/${newest}`)
}

/** Presses Tab until the control has the focus, as a person without a mouse does. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let i = 0; i < 120; i++) {
    if (await control.evaluate((element) => element === document.activeElement).catch(() => false)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach ${control}`)
}
