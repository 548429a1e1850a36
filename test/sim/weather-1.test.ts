// The first half of the seeds that `npm test` runs; the second is a file of its own, so that two cores share the work. More of
// them by `npm run sim -- --seeds N --from S`.

import { simulator, testSeeds } from './seeds.ts'

const { run } = simulator()
testSeeds(run, 1, 150)
