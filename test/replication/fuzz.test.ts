// 50,000 foreign frames at parser and session; `npm run fuzz` runs a million, from any seed.

import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

const count = Number(process.env.FUZZ_FRAMES ?? 50_000)
const seed = Number(process.env.FUZZ_SEED ?? 1)

test(`${count} foreign frames are answered or refused by name, from seed ${seed} (R4, R6)`, () => {
  let memoryBytes = 0
  let longestMs = 0
  let left = count
  for (let round = 0; left > 0; round++, left -= 1_000) {
    const startMs = performance.now()
    const result = fuzz(Math.min(1_000, left), seed + round)
    longestMs = Math.max(longestMs, performance.now() - startMs)
    expect(Object.keys(result.refused).every((code) => /^(FRAME|COMMIT|FORMAT)_[A-Z]+/.test(code))).toBe(true)
    if (round === 5) memoryBytes = process.memoryUsage().heapUsed
  }
  const all = fuzz(5_000, seed)
  expect(all.parsed).toBeGreaterThan(500)
  expect(all.refused.FRAME_INVALID).toBeGreaterThan(500)
  expect(all.refused.FRAME_TOO_LARGE).toBeGreaterThan(50)
  expect(Object.keys(all.ended)).toEqual(expect.arrayContaining(['FRAME_INVALID', 'MESSAGE_UNEXPECTED']))
  // A thousand frames at a time: a bound for what goes wrong by orders of magnitude, on any machine.
  expect(longestMs).toBeLessThan(5_000)
  expect(process.memoryUsage().heapUsed - memoryBytes).toBeLessThan(200 * 2 ** 20)
}, 600_000)
