// `npm test`: unit tests in Node and in Chromium (vitest), then the main end-to-end tests (Playwright). Runs both even
// when the first fails, and ends with one line that sums them up: `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const root = fileURLToPath(new URL('..', import.meta.url))

/** Each runner, the report that it writes, and how to read it. */
const runners = [
  {
    program: 'node_modules/vitest/vitest.mjs',
    args: ['run'],
    report: '.reports/vitest.json',
    /** @param {any} report @returns {Counts} */
    count: (report) => ({
      passed: report.numPassedTests,
      // A file that fails to load holds no tests, and is a failure all the same.
      failed: report.numFailedTests + report.testResults.filter(failedToLoad).length,
      skipped: report.numPendingTests + report.numTodoTests,
    }),
  },
  {
    program: 'node_modules/@playwright/test/cli.js',
    // All of them take as long again as everything else: `npm run test:e2e`.
    args: ['test', '--grep', '@main'],
    report: '.reports/playwright.json',
    /** @param {any} report @returns {Counts} */
    count: ({ stats, errors }) => ({
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected + errors.length,
      skipped: stats.skipped,
    }),
  },
]

/** @param {{ status: string, assertionResults: unknown[] }} file */
function failedToLoad(file) {
  return file.status === 'failed' && file.assertionResults.length === 0
}

/** @param {typeof runners[number]} runner @returns {Counts} */
function runOne({ program, args, report, count }) {
  const path = join(root, report)
  rmSync(path, { force: true })
  const { status } = spawnSync(process.execPath, [join(root, program), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (!existsSync(path)) return { passed: 0, failed: status === 0 ? 0 : 1, skipped: 0 }
  const counts = count(JSON.parse(readFileSync(path, 'utf8')))
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

const all = runners.map(runOne)
/** @param {keyof Counts} name */
const total = (name) => all.reduce((sum, counts) => sum + counts[name], 0)

process.stdout.write(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped\n`)
process.exitCode = total('failed') === 0 ? 0 : 1
