// Mutants must not die by growing old: each still finds its place, and what is recorded to kill it is there. A few are planted here
// and have to die at their recorded seed; `npm run sim:mutants` plants all.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundle, removeBundle } from '../bundle.mjs'
import { mutants } from './mutants.mjs'
import { mutate } from './plant.mjs'

const root = join(import.meta.dirname, '..', '..', '..')
const PLANTED_HERE = ['acknowledge-before-the-write', 'sum-not-retracted']

test('there are twenty mutants at least, and each still changes the one place that it names', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(20)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  for (const mutant of mutants) {
    const source = readFileSync(join(root, mutant.file), 'utf8')
    expect(mutate(source, mutant), mutant.name).not.toBe(source)
  }
})

test('each mutant has a record of what kills it: a seed, or a test whose file is there', () => {
  for (const { name, seed, killedBy } of mutants) {
    const isRecorded = seed !== undefined || (killedBy && existsSync(join(root, killedBy.file)))
    expect(isRecorded, name).toBe(true)
  }
})

for (const name of PLANTED_HERE) {
  test(`the mutant "${name}" dies at its recorded seed`, async () => {
    const mutant = mutants.find((each) => each.name === name)!
    const program = await bundle('run.ts', mutant)
    const { runSeed }: typeof import('../run.ts') = await import(program)
    const { failure } = await runSeed(mutant.seed!)
    removeBundle(program)
    expect(failure).toBeDefined()
  })
}
