// The page as it is hosted: built once, served as plain files under a sub-path, without a hub; and with the network gone.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { detail, expect, generate, list, open } from './demo-page.ts'
import { SUB_PATH, test } from './static-site.ts'

async function addIssue(page: Page, title: string): Promise<void> {
  await page.keyboard.press('n')
  await page.getByLabel('Title').fill(title)
  await page.keyboard.press('Control+Enter')
  await expect(detail(page).getByRole('heading', { level: 2 })).toHaveText(title)
}

const installed = (page: Page): Promise<unknown> =>
  page.evaluate(async () => void (await navigator.serviceWorker.ready))

test('the built page works under a sub-path, without a hub, and without a network', { tag: '@main' }, async ({
  page,
  context,
  site,
}) => {
  const { address } = site
  await open(page, address)
  await generate(page, '1,000')
  await addIssue(page, 'Kept in plain files')
  await page.goto(`${address}#/numbers`)
  await expect(page.getByRole('slider', { name: 'Opened and closed by week' })).toBeAttached()
  await installed(page)

  await context.setOffline(true)
  await site.goAway()
  await open(page, `${address}?x=1#/issues`)
  await page.getByLabel('Search issues').fill('plain files')
  await expect(list(page).locator('mark').first()).toBeVisible()
  // What was never opened while there was a network is there all the same.
  for (const place of ['Numbers', 'Machine room', 'Experiments', 'Board']) {
    await page.getByRole('link', { name: place }).click()
    await expect(page.locator('main h1')).toBeAttached()
  }
  await page.goto(`${address}#/issues`)
  const second = await context.newPage()
  await open(second, address)
  await addIssue(page, 'Written without a network')
  await expect(list(second).getByRole('link', { name: /Written without a network/ })).toBeVisible()
  await context.setOffline(false)
  await site.comeBack()
})

test('two devices of one browser meet within it, where there is no hub', async ({
  page,
  context,
  site: { address },
}) => {
  await open(page, `${address}#/room/replicas`)
  const replicas = page.getByRole('region', { name: 'Replicas', exact: true })
  await expect(replicas).toContainText('within this browser')
  const opening = context.waitForEvent('page')
  await replicas.getByRole('link', { name: 'Open a second device' }).click()
  const second = await opening
  await expect(second.getByRole('navigation', { name: 'Places' })).toBeVisible()
  expect(await second.evaluate(() => window.db?.name)).toBe('tracker-2')
  await page.goto(`${address}#/issues`)
  await addIssue(page, 'Made on the first device')
  await expect(list(second).getByRole('link', { name: /Made on the first device/ })).toBeVisible()
  await addIssue(second, 'Made on the second device')
  await expect(list(page).getByRole('link', { name: /Made on the second device/ })).toBeVisible()
  await second.close()
})

test('the page can be installed, asks for nothing outside of its path, and offers a new version', async ({
  page,
  context,
  site,
}) => {
  const { address, asked, folder } = site
  asked.length = 0
  await open(page, address)
  await installed(page)
  const manifest: { icons: { src: string; purpose: string }[]; start_url: string } = await page.evaluate(
    async () => (await fetch(document.querySelector<HTMLLinkElement>('link[rel=manifest]')!.href)).json(),
  )
  expect(manifest.start_url).toBe('./')
  expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable')
  for (const { src } of manifest.icons)
    expect((await context.request.get(new URL(src, address).href)).ok(), src).toBe(true)
  expect(asked.filter((path) => !path.startsWith(SUB_PATH))).toEqual([])

  const worker = join(folder, 'service-worker.js')
  writeFileSync(worker, `${readFileSync(worker, 'utf8')}\n// another build`)
  await page.reload()
  const reloaded = page.waitForEvent('load')
  await page.getByRole('button', { name: 'Reload' }).click()
  await reloaded
  await expect(page.getByRole('navigation', { name: 'Places' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Reload' })).toHaveCount(0)
})
