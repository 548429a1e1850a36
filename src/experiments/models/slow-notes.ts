/**
 * A view that is slow on purpose: its fold ponders over each order for some milliseconds, as a costly one would. It reads no
 * clock and draws no lots, so that it gives the same rows everywhere, only late.
 */
import { defineDatabase, table } from 'headwater'
import { OrderPlaced, orderEvents, orders } from './cafe.ts'

const ROUNDS = 3_000_000

const tastings = table<{ readonly score: number }>('tastings').on(OrderPlaced, (_row, { data }) => ({
  score: ponder(data.cents),
}))

/** Long arithmetic for a number from 0 to 99. */
function ponder(seed: number): number {
  let state = seed
  for (let round = 0; round < ROUNDS; round++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
  return Math.abs(state % 100)
}

export const cafeSlow = defineDatabase({
  name: 'cafe-slow',
  events: orderEvents,
  views: { orders, tastings },
})
