// The second half of the seeds, and some that are checked at every step.

import { expect, test } from 'vitest'
import { runSeed } from './run.ts'
import { testSeeds } from './seeds.ts'

testSeeds(76, 75)
testSeeds(1, 10, { checkViewsEvery: 1 })

test('a seed gives the same run twice', async () => {
  const [once, again] = [await runSeed(7), await runSeed(7)]
  expect(again).toEqual(once)
})
