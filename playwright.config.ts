// End-to-end tests: the demo in Chromium, with real tabs. Playwright starts its own server on its own port.

import { defineConfig } from '@playwright/test'
import { findBrowser } from './scripts/ensure.mjs'

const port = Number(process.env.HEADWATER_E2E_PORT ?? 5199)
const executablePath = findBrowser()

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  // Those write files that are committed: `npm run pictures`.
  testIgnore: process.env.HEADWATER_PICTURES === '1' ? [] : ['**/pictures.e2e.ts'],
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [['dot'], ['json', { outputFile: '.reports/playwright.json' }]],
  outputDir: '.reports/playwright',
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    browserName: 'chromium',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  webServer: {
    command: `node --import ./scripts/sources.mjs -C @headwater/source node_modules/vite/bin/vite.js --mode e2e --port ${port} --strictPort --host 127.0.0.1`,
    url: `http://127.0.0.1:${port}/`,
    env: { HEADWATER_HUB_MEMORY: '1' },
    reuseExistingServer: false,
  },
})
