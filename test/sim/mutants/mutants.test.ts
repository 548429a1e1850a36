// Mutants must not die by growing old: each still finds its place, and of each it is recorded what kills it. A few are planted here
// and have to die at their recorded seed; `npm run sim:mutants` plants all.

import { fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundle, removeBundle } from '../bundle.mjs'
import { mutants } from './mutants.mjs'
import { mutate } from './plant.mjs'

const root = join(import.meta.dirname, '..', '..', '..')
const PLANTED_HERE = ['acknowledge-before-the-write', 'receipt-ignored']

test('there are twenty mutants at least, and each still changes the one place that it names', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(20)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  for (const mutant of mutants) {
    const source = readFileSync(join(root, mutant.file), 'utf8')
    expect(mutate(source, mutant), mutant.name).not.toBe(source)
  }
})

test('of each mutant it is recorded what kills it, a seed within the first 100 or a test that is there', () => {
  for (const { name, seed = 0, killedBy } of mutants) {
    if (killedBy) expect(existsSync(join(root, killedBy.file)), name).toBe(true)
    else expect(seed >= 1 && seed <= 100, name).toBe(true)
  }
})

for (const name of PLANTED_HERE) {
  test(`the mutant "${name}" dies at its recorded seed`, async () => {
    const mutant = mutants.find((each) => each.name === name)!
    const program = await bundle('main.ts', mutant)
    expect(await failureOf(program, mutant.seed!)).toContain(`seed ${mutant.seed}: `)
    removeBundle(program)
  })
}

/** What went wrong with a seed, in a process of its own. */
function failureOf(program: string, seed: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = fork(program)
    child.once('message', ({ failure }: { readonly failure?: string }) => {
      resolve(failure)
      child.send({ end: true })
    })
    child.once('exit', () => reject(new Error('the process ended without a report')))
    child.send({ seed, options: {} })
  })
}
