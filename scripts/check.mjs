// `npm run check`: everything about the code that can be said without running it. Every step runs, also after
// a failure; a step's output is shown only when it fails. The last line sums the steps up.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const packages = readdirSync(join(root, 'packages'))
  .map((name) => `packages/${name}`)
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
const withTypes = packages.filter((folder) => existsSync(join(root, folder, 'tsconfig.json')))

/** @type {readonly (readonly [name: string, tool: string, args: readonly string[]])[]} */
const steps = [
  ['format and lint', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings']],
  ['lint with types', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']],
  ['types of the packages, built', 'typescript/bin/tsc', ['-b', ...withTypes]],
  ['types of page, tests and scripts', 'typescript/bin/tsc', ['-p', 'tsconfig.json']],
  ['types of the benchmarks', 'typescript/bin/tsc', ['-p', 'bench']],
  ['type tests on the sources', 'typescript/bin/tsc', ['-p', 'test/types']],
  ['type tests on what is published', 'typescript/bin/tsc', ['-p', 'test/types/tsconfig.dist.json']],
  ...packages.map((folder) => step(`publint ${folder}`, 'publint/src/cli.js', ['--strict', folder])),
  ...packages.map((folder) =>
    step(`attw ${folder}`, '@arethetypeswrong/cli/dist/index.js', [
      '--profile',
      'esm-only',
      '--pack',
      folder,
    ]),
  ),
  ['size limits', 'size-limit/bin.js', []],
  ['first load of the page, built', '../scripts/page-size.mjs', []],
]

/** @param {string} name @param {string} tool @param {string[]} args */
function step(name, tool, args) {
  return /** @type {const} */ ([name, tool, args])
}

/** @param {typeof steps[number]} step @returns {boolean} whether it passed */
function runStep([name, tool, args]) {
  const start = performance.now()
  const program = join(root, 'node_modules', tool)
  const result = spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8' })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const passed = result.status === 0
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`)
  if (!passed) process.stdout.write(`${result.stdout}${result.stderr}\n`)
  return passed
}

// What an earlier build left behind must not be taken for part of the package.
for (const folder of packages) rmSync(join(root, folder, 'dist'), { recursive: true, force: true })
const failed = steps.filter((each) => !runStep(each)).length

process.stdout.write(`${steps.length - failed} passed, ${failed} failed, 0 skipped\n`)
process.exitCode = failed === 0 ? 0 : 1
