// Seeds as tests: each runs a world of its own, and names the command that replays it when it fails.

import { expect, test } from 'vitest'
import { type RunOptions, runSeed } from './run.ts'

/** How many seeds one test takes, so that a report says about where it is. */
const SEEDS_A_TEST = 10

/** Runs `count` seeds from `from` on. */
export function testSeeds(from: number, count: number, options: RunOptions = {}): void {
  for (let first = from; first < from + count; first += SEEDS_A_TEST) {
    const last = Math.min(first + SEEDS_A_TEST, from + count) - 1
    const kind = options.clones ? ', with clones,' : ''
    test(`seeds ${first}–${last}${kind} keep every promise and come right in the calm (L1–L6, V2–V7, D1, D4)`, async () => {
      for (let seed = first; seed <= last; seed++) {
        const { failure, compared } = await runSeed(seed, options)
        if (failure) throw failure
        expect(compared).toBeGreaterThan(0)
      }
    })
  }
}
