// Mutants must not die by growing old: each still finds its place. `npm run sim:mutants` plants them and runs seeds.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mutants } from './mutants.mjs'
import { mutate } from './plant.mjs'

const root = join(import.meta.dirname, '..', '..', '..')

test('there are twenty mutants at least, and each still changes the one place that it names', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(20)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  for (const mutant of mutants) {
    const source = readFileSync(join(root, mutant.file), 'utf8')
    expect(mutate(source, mutant), mutant.name).not.toBe(source)
  }
})
