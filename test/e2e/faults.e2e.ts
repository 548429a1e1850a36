// What goes wrong is said in words, with what one can do about it. The faults are put where they come from: into the worker,
// the storage, and between the page and its files.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { test as loudTest } from '@playwright/test'
import { freePort, serveProcess } from '../hub/hub-process.ts'
import { expect as baseExpect, detail, list, open, test } from './demo-page.ts'

const expect = baseExpect.configure({ timeout: 20_000 })

/** The code of the engine's worker, as it is built. */
const WORKER = /\/worker-[^/]+\.js$/

/** Puts a line in front of what the worker runs; `on` runs it when the page calls for it. */
async function poison(page: Page, line: string): Promise<void> {
  await page.route(WORKER, async (route) => {
    const response = await route.fetch()
    const body = `new BroadcastChannel('fault').onmessage = () => { ${line} };\n${await response.text()}`
    await route.fulfill({ response, body })
  })
}

const strike = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const channel = new BroadcastChannel('fault')
    channel.postMessage('now')
    channel.close()
  })

async function addIssue(page: Page, title: string): Promise<void> {
  await page.keyboard.press('n')
  await page.getByLabel('Title').fill(title)
  await page.keyboard.press('Control+Enter')
}

loudTest('a full disk is said, and the log can be taken away', async ({ page }) => {
  await poison(
    page,
    `IDBObjectStore.prototype.add = () => { throw new DOMException('no room', 'QuotaExceededError') }`,
  )
  await open(page)
  await addIssue(page, 'The last that fits')
  await expect(detail(page).getByRole('heading', { level: 2 })).toHaveText('The last that fits')
  await strike(page)
  await addIssue(page, 'One too many')
  await expect(detail(page).getByText('The disk is full.')).toBeVisible()
  const download = page.waitForEvent('download')
  await detail(page).getByRole('button', { name: 'Export the log' }).click()
  const log = await readFile(await (await download).path(), 'utf8')
  expect(log).toContain('The last that fits')
  expect(log).not.toContain('One too many')
})

loudTest(
  'a worker that does not load, data of a newer version, and a part that does not come',
  async ({ page }) => {
    await page.route(WORKER, (route) => route.abort())
    await page.goto('/')
    await expect(page.getByText('The part that works in the background did not start.')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Reload the page' })).toBeVisible()

    await page.unrouteAll()
    await page.route(/\/numbers-page-[^/]+\.js$/, (route) => route.abort())
    await page.reload()
    await open(page)
    await addIssue(page, 'Something to count')
    await expect(detail(page).getByRole('heading', { level: 2 })).toHaveText('Something to count')
    await page.getByRole('link', { name: 'Numbers' }).click()
    await expect(page.getByText('A part of the page could not be loaded.')).toBeVisible()
    await page.getByRole('link', { name: 'Issues', exact: true }).click()
    await expect(list(page).getByRole('link', { name: /Something to count/ })).toBeVisible()

    await page.goto('/icons/icon.svg')
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.open('headwater:tracker:log', 9_999)
          request.onsuccess = () => {
            request.result.close()
            resolve()
          }
          request.onerror = () => reject(new Error(String(request.error)))
        }),
    )
    await page.goto('/')
    await expect(page.getByText('This data is of a newer version of the page.')).toBeVisible()
  },
)

test('a hub that refuses the device says why, and work goes on', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-faults-'))
  await writeFile(join(folder, 'secret'), 'a secret that this page does not know')
  const port = await freePort()
  const hub = await serveProcess(folder, port, ['--origin', '*', '--secret-file', 'secret'])
  await open(page, `/?workspace=closed&hub=${port}`)
  await expect(page.getByText('The hub does not let this device in.')).toBeVisible()
  await addIssue(page, 'Still here')
  await expect(detail(page).getByRole('heading', { level: 2 })).toHaveText('Still here')
  hub.child.kill('SIGKILL')
  await hub.exited
  await rm(folder, { recursive: true, force: true })
})

test('a browser without IndexedDB is told so', async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'indexedDB')
    Reflect.deleteProperty(Object.getPrototypeOf(globalThis), 'indexedDB')
  })
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'This browser cannot run the demo' })).toBeVisible()
  await expect(page.getByText('IndexedDB, where the log is stored')).toBeVisible()
})
