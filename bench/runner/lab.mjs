// The place where samples are taken: a production build of the pages, a server, and Chromium with a profile on the
// disk (a private window would keep IndexedDB in memory). Every sample is a fresh page, and with it fresh workers.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { build } from 'vite'
import { findBrowser } from '../../scripts/ensure.mjs'
import config from '../vite.config.mjs'
import { serveFolder } from './server.mjs'

const SAMPLE_LIMIT_MS = 300_000

/**
 * @typedef {object} OpenPage
 * @property {import('playwright').Page} page
 * @property {(side: string, options: unknown) => Promise<any>} run One sample of a side, on this page.
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} Lab
 * @property {string} browserVersion
 * @property {(site: string) => Promise<OpenPage>} open A fresh page of a site; a site is an origin of its own.
 * @property {(site: string, side: string, options: unknown) => Promise<any>} sample One sample on a fresh page.
 * @property {(site: string) => Promise<void>} clear Deletes what a site has stored.
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<Lab>} */
export async function openLab() {
  await build({ ...config, configFile: false })
  const server = await serveFolder(config.build.outDir)
  const profile = mkdtempSync(join(tmpdir(), 'headwater-bench-'))
  const context = await launch(profile)
  /** @param {string} site */
  const originOf = (site) => `http://${site}.localhost:${server.port}`
  /** @param {string} site */
  const open = (site) => openPage(context, originOf(site))
  return {
    browserVersion: await versionOf(context),
    open,
    async sample(site, side, options) {
      const page = await open(site)
      try {
        return await page.run(side, options)
      } finally {
        await page.close()
      }
    },
    clear: (site) => clearOrigin(context, originOf(site)),
    async close() {
      await context.close()
      await server.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** @param {string} profile */
function launch(profile) {
  const executablePath = findBrowser()
  const isRoot = process.getuid?.() === 0
  return chromium.launchPersistentContext(profile, {
    ...(executablePath === undefined ? {} : { executablePath }),
    headless: true,
    args: [...(isRoot ? ['--no-sandbox'] : []), '--enable-blink-features=ForceEagerMeasureMemory'],
  })
}

/** @param {import('playwright').BrowserContext} context @param {string} origin @returns {Promise<OpenPage>} */
async function openPage(context, origin) {
  const page = await context.newPage()
  page.on('pageerror', (error) => process.stderr.write(`page error: ${error.stack ?? error.message}\n`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      process.stderr.write(`page: ${message.text()}\n`)
  })
  await page.goto(`${origin}/`)
  return {
    page,
    run: (side, options) => withLimit(page.evaluate(runOnPage, { side, options }), side),
    close: () => page.close(),
  }
}

/** Runs in the page. @param {{ side: string, options: unknown }} sample @returns {Promise<unknown>} */
function runOnPage({ side, options }) {
  return Reflect.get(window, 'bench')(side, options)
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what
 * @returns {Promise<T>}
 */
async function withLimit(promise, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} took over ${SAMPLE_LIMIT_MS / 1000} s`)),
      SAMPLE_LIMIT_MS,
    )
  })
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (late)])
  } finally {
    clearTimeout(timer)
  }
}

/** @param {import('playwright').BrowserContext} context */
async function versionOf(context) {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const { product } = await session.send('Browser.getVersion')
  await page.close()
  return product
}

/** @param {import('playwright').BrowserContext} context @param {string} origin */
async function clearOrigin(context, origin) {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  await page.close()
}
