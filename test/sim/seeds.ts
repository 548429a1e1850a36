// Seeds as tests: each runs a world of its own, and names the command that replays it when it fails.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, removeBundle } from './bundle.mjs'
import type { Mutant } from './mutants/plant.mjs'
import type { RunOptions, RunReport } from './run.ts'

/** How many seeds one test takes, so that a report says about where it is. */
const SEEDS_A_TEST = 10

/** Runs one seed. */
export type RunSeed = (seed: number, options?: RunOptions) => Promise<RunReport>

/** The simulator, bundled for this file of tests. */
export function simulator(mutant?: Mutant): { readonly run: RunSeed } {
  let program: string | undefined
  let runSeed: RunSeed | undefined
  beforeAll(async () => {
    program = await bundle('run.ts', mutant)
    const bundled: typeof import('./run.ts') = await import(program)
    runSeed = bundled.runSeed
  })
  afterAll(() => {
    if (program) removeBundle(program)
  })
  return { run: (...args) => runSeed!(...args) }
}

/** Runs `count` seeds from `from` on. */
export function testSeeds(run: RunSeed, from: number, count: number, options: RunOptions = {}): void {
  for (let first = from; first < from + count; first += SEEDS_A_TEST) {
    const last = Math.min(first + SEEDS_A_TEST, from + count) - 1
    const kind = options.clones ? ', with clones,' : ''
    test(`seeds ${first}–${last}${kind} keep every promise and come right in the calm (L1–L6, V2–V7, R1–R3, R7, R8, D1, D4)`, async () => {
      for (let seed = first; seed <= last; seed++) {
        const { failure, compared } = await run(seed, options)
        if (failure) throw failure
        expect(compared).toBeGreaterThan(0)
      }
    })
  }
}
