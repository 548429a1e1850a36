// `npm run bench:page`: the built page with 100,000 issues (or as many as the argument says), in Chromium. Prints what
// scrolling and typing cost, and ends with 1 when the page misses what the test asserts.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = join(root, '.reports/playwright.json')
const issues = process.argv[2] ?? '100000'

const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/@playwright/test/cli.js'), 'test', 'test/e2e/large.e2e.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, HEADWATER_PAGE_ISSUES: issues } },
)

/** @type {{ suites: { specs: { tests: { annotations: { type: string, description?: string }[] }[] }[] }[] }} */
const { suites } = JSON.parse(readFileSync(report, 'utf8'))
const annotations = suites.flatMap(({ specs }) =>
  specs.flatMap(({ tests }) => tests.flatMap((test) => test.annotations)),
)
for (const { type, description } of annotations) process.stdout.write(`${type}: ${description}\n`)
process.stdout.write(`load of the machine: ${loadavg()[0]?.toFixed(1)}\n`)
process.exitCode = status ?? 1
