// Another third of the seeds.

import { simulator, testSeeds } from './seeds.ts'

const { run } = simulator()
testSeeds(run, 101, 100)
