// Views against their naive twins in weather that fast-check draws, over a log and bases in memory.

import fc from 'fast-check'
import { describe, test } from 'vitest'
import { anyStep, takeSteps } from './weather.ts'
import { createProfile } from './world.ts'

describe('views and their naive twins', () => {
  test('what is folded step by step is what is computed from all events (V7, V3, V2, V6)', async () => {
    const steps = fc.array(anyStep, { minLength: 1, maxLength: 24 })
    const runs = fc.asyncProperty(fc.nat(1_000), steps, async (seed, some) => {
      const profile = createProfile(seed)
      const other = createProfile(seed + 1)
      await takeSteps(
        { profile, other, openTab: (definitions, options) => profile.open(definitions, options) },
        some,
      )
    })
    await fc.assert(runs, { numRuns: 60, seed: 20_261_122 })
  }, 60_000)
})
