// End-to-end tests in Chromium, with real tabs. Playwright builds their site (`test/e2e/site.mjs`) and serves it with a hub, on a
// port of its own.

import { defineConfig } from '@playwright/test'
import { findBrowser } from './scripts/ensure.mjs'

const port = Number(process.env.HEADWATER_E2E_PORT ?? 5199)
const executablePath = findBrowser()

const outDir = '.reports/page'
const node = 'node --import ./scripts/sources.mjs -C @headwater/source'
const url = `http://127.0.0.1:${port}/`

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  // Pictures write files that are committed: `npm run pictures`.
  testIgnore: process.env.HEADWATER_PICTURES === '1' ? [] : ['**/pictures.e2e.ts'],
  workers: 2,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [['dot'], ['json', { outputFile: '.reports/playwright.json' }]],
  outputDir: '.reports/playwright',
  use: {
    baseURL: url,
    contextOptions: { reducedMotion: 'reduce' },
    browserName: 'chromium',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  webServer: {
    command: `${node} test/e2e/site.mjs ${outDir} && ${node} node_modules/vite/bin/vite.js preview --outDir ${outDir} --mode e2e --port ${port} --strictPort --host 127.0.0.1`,
    url,
    env: { HEADWATER_HUB_MEMORY: '1' },
    reuseExistingServer: false,
  },
})
