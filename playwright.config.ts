// End-to-end tests in Chromium, with real tabs. Playwright starts its own servers on its own ports: the demo as it is built, which
// loads in a tenth of the time that single modules take, and Vite's dev server for tests that bring pages of their own. Both
// have a hub. The build is React's for development, so that its warnings are heard.

import { defineConfig } from '@playwright/test'
import { findBrowser } from './scripts/ensure.mjs'

const port = Number(process.env.HEADWATER_E2E_PORT ?? 5199)
const executablePath = findBrowser()

// Faults are told where single modules fail to come, by their names.
const pages = { port: port + 1, tests: ['**/quickstart.e2e.ts', '**/tabs.e2e.ts', '**/faults.e2e.ts'] }
const pictures = process.env.HEADWATER_PICTURES === '1' ? [] : ['**/pictures.e2e.ts']
const outDir = '.reports/page'
const vite = 'node --import ./scripts/sources.mjs -C @headwater/source node_modules/vite/bin/vite.js'
const urlOf = (port: number): string => `http://127.0.0.1:${port}/`
const serve = (command: string, port: number) => ({
  command: `${command} --mode e2e --port ${port} --strictPort --host 127.0.0.1`,
  url: urlOf(port),
  env: { HEADWATER_HUB_MEMORY: '1', NODE_ENV: 'development' },
  reuseExistingServer: false,
})

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.e2e.ts',
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [['dot'], ['json', { outputFile: '.reports/playwright.json' }]],
  outputDir: '.reports/playwright',
  use: {
    browserName: 'chromium',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  projects: [
    // Pictures write files that are committed: `npm run pictures`.
    { name: 'demo', testIgnore: [...pages.tests, ...pictures], use: { baseURL: urlOf(port) } },
    { name: 'pages', testMatch: pages.tests, use: { baseURL: urlOf(pages.port) } },
  ],
  webServer: [
    serve(
      `${vite} build --mode e2e --outDir ${outDir} --logLevel warn && ${vite} preview --outDir ${outDir}`,
      port,
    ),
    serve(vite, pages.port),
  ],
})
