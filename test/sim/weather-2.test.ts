// The second half of the seeds, and some that are checked at every step.

import { expect, test } from 'vitest'
import { runSeed } from './run.ts'
import { testSeeds } from './seeds.ts'

testSeeds(76, 75)
testSeeds(1, 10, { checkViewsEvery: 1 })
testSeeds(1, 8, { clones: true })

/** Worlds with clones in which something was lost once: what was written behind a reissued commit, and a position that led to a gap. */
for (const seed of [39, 108]) testSeeds(seed, 1, { clones: true })

test('a seed gives the same run twice', async () => {
  const [once, again] = [await runSeed(7), await runSeed(7)]
  expect(again).toEqual(once)
})
