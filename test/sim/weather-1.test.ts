// A third of the seeds that `npm test` runs; the others are files of their own, so that all cores share the work. More of
// them by `npm run sim -- --seeds N --from S`.

import { test } from 'vitest'
import { regressions } from './regressions.ts'
import { simulator, testSeeds } from './seeds.ts'

const { run } = simulator()

for (const { seed, options, what } of regressions) {
  test(`seed ${seed}, which failed once: ${what}`, async () => {
    const { failure } = await run(seed, options)
    if (failure) throw failure
  })
}
testSeeds(run, 1, 100)
