// The last third of the seeds, of which ten are checked at every step; some over another store, some with clones.

import { expect, test } from 'vitest'
import { simulator, testSeeds } from './seeds.ts'

const { run } = simulator()

// Ahead of all others: what is loaded by the first world must not be felt by it.
test('a seed gives the same run twice, whatever ran before it', async () => {
  const once = await run(7)
  await run(8)
  expect(await run(7)).toEqual(once)
})

testSeeds(run, 201, 90)
testSeeds(run, 291, 10, { checkViewsEvery: 1 })
testSeeds(run, 1, 20, { store: 'fake-indexeddb' })
testSeeds(run, 1, 4, { clones: true })
