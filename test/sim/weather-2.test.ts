// The second half of the seeds, and some that are checked at every step.

import { expect, test } from 'vitest'
import { simulator, testSeeds } from './seeds.ts'

const { run } = simulator()
testSeeds(run, 51, 50)
testSeeds(run, 291, 5, { checkViewsEvery: 1 })
testSeeds(run, 1, 5, { store: 'fake-indexeddb' })
testSeeds(run, 1, 4, { clones: true })

test('a seed gives the same run twice, whatever ran before it', async () => {
  const once = await run(7)
  await run(8)
  expect(await run(7)).toEqual(once)
})
