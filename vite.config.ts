// One configuration for the demo page, the tests in Node and the tests in Chromium. Packages are resolved by
// their source condition, so nothing needs a build first.

import { availableParallelism } from 'node:os'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { bundledWorkers } from './scripts/bundled-workers.mjs'
import { findBrowser } from './scripts/ensure.mjs'
import { hubPlugin } from './scripts/hub-plugin.mjs'
import { sourceFlags } from './scripts/source-flags.mjs'

const sourceCondition = '@headwater/source'

/** What only workers, tests or places that are opened late import; Vite would find it late and reload the page in the middle of a test. */
const foundLate = [
  '@noble/hashes/sha2.js',
  'hash-wasm',
  'minisearch',
  'minisearch/SearchableMap',
  'yjs',
  'valibot',
  'react',
  'react-dom',
  'react-dom/client',
  'uplot',
  '@dagrejs/dagre',
  '@tanstack/react-virtual',
  '@xyflow/react',
]
const foundLateByTests = ['axe-core', 'fast-check']

/** Loaded for a build only: its libraries take a moment. */
const offline = async () => (await import('./scripts/offline-plugin.mjs')).offlinePlugin()

const executablePath = process.env.VITEST ? findBrowser() : undefined
const launchOptions = {
  ...(executablePath === undefined ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
}

export default defineConfig(
  async ({ mode, command }): Promise<ViteUserConfig> => ({
    base: './',
    // A page under test must not reload because somebody saves a file; its own cache keeps `npm start` apart.
    ...(mode === 'e2e' ? { server: { watch: null, hmr: false }, cacheDir: 'node_modules/.vite/e2e' } : {}),
    plugins: [
      react(),
      hubPlugin(),
      bundledWorkers(sourceCondition),
      command === 'build' && mode !== 'e2e' ? await offline() : [],
    ],
    resolve: { conditions: [sourceCondition, ...defaultClientConditions] },
    ssr: { resolve: { conditions: [sourceCondition, ...defaultServerConditions] } },
    worker: { format: 'es' },
    optimizeDeps: { include: process.env.VITEST ? [...foundLate, ...foundLateByTests] : foundLate },
    test: {
      reporters: ['dot', ['json', { outputFile: '.reports/vitest.json' }]],
      // Bounds for hangs, not for speed: two busy cores must not turn a slow test into a failed one.
      testTimeout: 60_000,
      expect: { poll: { timeout: 30_000 } },
      // Vitest leaves a core free; much of what tests do is wait, so that two cores have time for three of them.
      maxWorkers: Math.max(3, availableParallelism() - 1),
      coverage: { provider: 'istanbul', include: ['packages/*/src/**', 'src/**'] },
      projects: [
        {
          extends: true,
          test: {
            name: 'node',
            // One module graph for all files of a worker: loading it for each took a third of the time.
            isolate: false,
            setupFiles: ['test/node-globals.ts'],
            // The hub's database thread is started by Node, not by Vite.
            // Many small objects live shortly: a larger nursery has them collected less often.
            execArgv: [...sourceFlags, '--max-semi-space-size=64'],
            include: ['test/**/*.test.{ts,tsx}'],
            exclude: ['test/**/*.browser.test.{ts,tsx}'],
          },
        },
        {
          extends: true,
          test: {
            name: 'browser',
            include: ['test/**/*.browser.test.{ts,tsx}'],
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({ launchOptions }),
              instances: [{ browser: 'chromium' }],
            },
          },
        },
      ],
    },
  }),
)
