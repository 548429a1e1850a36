// A mutant against the test that is recorded for it: the test is run with the mutant planted, and has to fail.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * The title of the test that fails; nothing when none does. Throws when the test could not be run.
 * @param {import('./plant.mjs').Mutant} mutant
 */
export function killByTest({ name, killedBy }) {
  if (!killedBy) return undefined
  const report = join(root, `node_modules/.sim/${name}.json`)
  rmSync(report, { force: true })
  const config = 'test/sim/mutants/vitest.config.mjs'
  const pattern = killedBy.title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const args = ['vitest', 'run', '--config', config, '--project', 'node', killedBy.file, '-t', pattern]
  const { stderr } = spawnSync('npx', args, {
    cwd: root,
    env: { ...process.env, HEADWATER_MUTANT: name },
    encoding: 'utf8',
  })
  if (!existsSync(report)) throw new Error(`the test of "${name}" could not be run: ${stderr.slice(0, 400)}`)
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  rmSync(report)
  const run = testResults.flatMap((/** @type {any} */ file) => file.assertionResults)
  const failed = run.find((/** @type {any} */ each) => each.status === 'failed')
  if (!failed && !run.some((/** @type {any} */ each) => each.status === 'passed'))
    throw new Error(`the test of "${name}" is not in ${killedBy.file}: "${killedBy.title}"`)
  return failed?.title
}
