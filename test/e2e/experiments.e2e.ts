// The twelve experiments as a visitor does them: each is predicted, run on the real engine, and its outcome is read from the
// page, figures included. One page walks through all of them by the links; nothing that they stored is left, and nobody
// complains on the console.
import { createRequire } from 'node:module'
import type { Locator, Page } from '@playwright/test'
import { expect as pageExpect, test } from './demo-page.ts'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const expect = pageExpect.configure({ timeout: 30_000 })

const outcome = (page: Page): Locator => page.getByRole('region', { name: 'Outcome' })
const steps = (page: Page): Locator => page.getByRole('log', { name: 'What happened' })
const cells = (page: Page, row: string): Locator =>
  outcome(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: row, exact: true }) })
    .getByRole('cell')

/** The figure of that name. */
const figure = (page: Page, name: string): Locator =>
  outcome(page)
    .locator('.measured > div')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd')

/** Goes to the page by the link to the next one, predicts, runs, and waits for the verdict. */
async function predict(page: Page, title: string, choice: RegExp, act: string): Promise<void> {
  await page.getByRole('link', { name: title }).last().click()
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeFocused()
  await page.getByRole('radio', { name: choice }).check()
  await page.getByRole('button', { name: act }).click()
  await expect(outcome(page).getByText('As you said.')).toBeVisible()
}

async function storedNames(page: Page): Promise<readonly string[]> {
  const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''))
  return names.filter((name) => name.includes('experiment'))
}

async function faultsOf(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: axePath })
  const { violations }: AxeResults = await page.evaluate('axe.run()')
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
  }[]
}

/** Each experiment with the prediction that comes true, the button, and the figures that are to be on the page. */
const TWELVE: readonly {
  readonly title: string
  readonly choice: RegExp
  readonly act: string
  readonly figures: Readonly<Record<string, string | RegExp>>
}[] = [
  {
    title: 'Three views from one log',
    choice: /^All three/,
    act: 'Take orders, cancel one',
    figures: { 'Events in the log': '601', 'Views that changed': '3 of 3' },
  },
  {
    title: 'A bug in a fold, mended',
    choice: /^They become right by themselves/,
    act: 'Find the bug, mend it',
    figures: {
      'Version 1 says': '€6,750.00',
      'Version 2 says': '€6,075.00',
      'By hand': '€6,075.00',
      'Log unchanged': 'yes',
    },
  },
  {
    title: 'A new question asked of old events',
    choice: /^From the first order on/,
    act: 'Ask the new question',
    figures: { 'Old orders that it knows': '2,000 of 2,000', 'Rows in the old view meanwhile': '2,001' },
  },
  {
    title: 'The worker, killed in mid-write',
    choice: /^Each is there exactly once/,
    act: 'Kill the worker',
    figures: {
      // Not one of the last wave can have been acknowledged.
      'Under way at the kill': /^([2-9]\d|100)$/,
      Lost: '0',
      Twice: '0',
      'Orders in the log': '600 of 600',
      'Restarts of the worker': '1',
    },
  },
  {
    title: 'The same import, sent twice',
    choice: /succeeds and changes nothing/,
    act: 'Import it twice',
    figures: {
      'Stored by the first': '500',
      'Stored by the second': '0',
      'Known already': '500',
      'Events in the log': '500',
    },
  },
  {
    title: 'A poison event',
    choice: /^The bills stop there/,
    act: 'Serve the cocoa',
    figures: {
      'Views parked': '1 of 3',
      'Orders folded meanwhile': '301 of 301',
      'Bills after mending': '301 of 301',
    },
  },
  {
    title: 'Right but late, or quick but old',
    choice: /^Without the receipt an old number/,
    act: 'Ask a slow view',
    figures: {},
  },
  {
    title: 'Two devices offline, one answer',
    choice: /^Tea on both/,
    act: 'Go offline and disagree',
    figures: {
      'Rows on the phone': '40',
      'Rows on the till': '40',
      'All rows equal': 'yes',
      'Events in the order’s history': '3',
    },
  },
  {
    title: 'Two people, one text',
    choice: /^Both, each of them whole/,
    act: 'Type on both devices',
    figures: { 'On the phone': /^Today: soup.* of the day/, 'Letters kept': '34 of 34' },
  },
  {
    title: 'An old format, lifted on read',
    choice: /^They stay as they are/,
    act: 'Open it with the new build',
    figures: { 'Old events read': '400 of 400', 'Log unchanged': 'yes', 'Sum of all prices': '€1,791.50' },
  },
  {
    title: 'All snapshots deleted',
    choice: /^A little time/,
    act: 'Delete the snapshots',
    figures: { 'Rows afterwards': '3,600', 'Answers equal': 'yes', 'Snapshots deleted': /KB$/ },
  },
  {
    title: 'Take your data and go',
    choice: /^All of it/,
    act: 'Export and move',
    figures: { 'Events imported': '1,101', 'Views with equal digests': '3 of 3', 'Logs equal': 'yes' },
  },
]

/** What the tables say of what figures do not. */
const TABLES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'Three views from one log': async (page) => {
    await expect(cells(page, 'Orders in the table')).toHaveText(['600', '599'])
    await expect(cells(page, 'Orders found for “oat milk”')).toHaveText(['200', '199'])
  },
  'A poison event': async (page) => {
    await expect(cells(page, 'bills')).toHaveText(['parked', '200'])
    await expect(cells(page, 'takings')).toHaveText(['live', '301'])
  },
  'Right but late, or quick but old': async (page) => {
    const answers = outcome(page).locator('tbody td:nth-child(2)')
    await expect(answers).toHaveText([/^(\d|\d\d|1[0-4]\d) of 150/, '150 of 150', '150 of 150', '150 of 150'])
  },
  'Two devices offline, one answer': async (page) => {
    await expect(cells(page, 'offline')).toHaveText(['cocoa', 'tea'])
    await expect(cells(page, 'afterwards')).toHaveText(['tea', 'tea'])
  },
  'All snapshots deleted': async (page) => {
    await expect(cells(page, 'with snapshots').first()).toHaveText('0')
    await expect(cells(page, 'without').first()).toHaveText('4,400')
  },
}

test('all twelve run on the real engine, come out as predicted with their figures, and leave nothing', {
  tag: '@main',
}, async ({ page }) => {
  test.setTimeout(180_000)
  await page.goto('/#/experiments')
  await expect(page.getByRole('heading', { level: 1, name: 'Experiments' })).toBeVisible()
  for (const { title, choice, act, figures } of TWELVE) {
    await predict(page, title, choice, act)
    for (const [name, value] of Object.entries(figures)) await expect(figure(page, name)).toHaveText(value)
    await TABLES[title]?.(page)
  }
  expect(await storedNames(page)).toEqual([])
  await page.getByText('The code of this experiment').click()
  await expect(page.locator('.experiment-code')).toContainText('importEvents(exported.value)')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await faultsOf(page)).toEqual([])
  }
  await page.getByRole('link', { name: 'Experiments' }).last().click()
  await expect(page.getByText('12 of 12 done, 12 predicted right.')).toBeVisible()
  await page.reload()
  await expect(page.getByText('12 of 12 done, 12 predicted right.')).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await faultsOf(page)).toEqual([])
  }
})

test('who stops or leaves in the middle leaves nothing; what a closed tab left is swept, what runs is not', async ({
  page,
  context,
}) => {
  test.setTimeout(120_000)
  const begin = async (on: Page): Promise<void> => {
    await on.getByRole('button', { name: 'Ask a slow view' }).press('Enter') // nothing, before a prediction
    await on.getByRole('button', { name: 'Without a guess' }).click()
    await expect(steps(on).getByText('150 orders are stored.')).toBeVisible()
  }
  /** Leftovers are swept whenever the experiments are come to. */
  const comeAgain = async (): Promise<void> => {
    await page.getByRole('link', { name: 'Issues', exact: true }).click()
    await page.getByRole('link', { name: 'Experiments' }).first().click()
    await expect(page.getByRole('heading', { level: 1, name: 'Experiments' })).toBeVisible()
  }
  await page.goto('/#/experiments/late-or-stale')
  await begin(page)
  expect(await storedNames(page)).toHaveLength(2)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect.poll(() => storedNames(page)).toEqual([])
  await begin(page)
  await page.getByRole('link', { name: 'Two devices offline' }).click()
  await expect.poll(() => storedNames(page)).toEqual([])

  const other = await context.newPage()
  await other.goto('/#/experiments/late-or-stale')
  await begin(other)
  await comeAgain()
  await expect(outcome(other).getByText('What came true:')).toBeVisible()
  await begin(other)
  await other.close()
  expect(await storedNames(page)).toHaveLength(2)
  await comeAgain()
  await expect.poll(() => storedNames(page)).toEqual([])
})

test('a wrong address, a worker that does not start and a browser that keeps nothing are told or borne', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      },
    })
  })
  const broken = { contentType: 'text/javascript', body: "throw new Error('out of order')" }
  await page.route(/\/experiment-worker-[^/]+\.js$/, (route) => route.fulfill(broken), { times: 1 })
  await page.goto('/#/experiments/perpetual-motion')
  await expect(page.getByText('There is no experiment called “perpetual-motion”.')).toBeVisible()
  await page.getByRole('link', { name: 'The same import, sent twice' }).click()
  await page.getByRole('button', { name: 'Without a guess' }).click()
  await expect(page.getByText(/The worker threw while it was loaded: .*out of order/)).toBeVisible()
  await expect(page.getByText('WORKER_UNAVAILABLE')).toBeVisible()
  await page.getByRole('radio', { name: 'succeeds and changes nothing' }).check()
  await page.getByRole('button', { name: 'Import it twice' }).click()
  await expect(outcome(page).getByText('As you said.')).toBeVisible()
  await page.getByRole('link', { name: 'Experiments' }).last().click()
  await expect(page.getByText('1 of 12 done, 1 predicted right.')).toBeVisible()
  expect(await storedNames(page)).toEqual([])
})
