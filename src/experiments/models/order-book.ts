/** Orders for the café, the same at every run: what is measured must not hang on chance. */
import { type Order, OrderCancelled, OrderPlaced } from './cafe.ts'

const DRINKS = [
  ['espresso', 250],
  ['flat white', 390],
  ['tea', 290],
  ['cocoa', 420],
] as const
/** Some come more often than others. */
const GUESTS = ['Ada', 'Ben', 'Chloé', 'Ada', 'Deniz', 'Emil', 'Ada', 'Fatou', 'Deniz', 'Goran'] as const
const WISHES = [
  'oat milk, please',
  'no sugar',
  'extra hot',
  'to take away',
  'with oat milk, large',
  '',
] as const

/** The order of that number. */
export function orderOf(number: number): Order {
  const [drink, cents] = pick(DRINKS, number * 7 + (number >> 2))
  const guest = pick(GUESTS, number * 5 + (number >> 3))
  return { id: `order-${number}`, guest, drink, cents, wish: pick(WISHES, number * 11 + (number >> 1)) }
}

/** So many orders as drafts of events. */
export function placeOrders(many: number, from = 0): ReturnType<typeof OrderPlaced>[] {
  return Array.from({ length: many }, (_, index) => OrderPlaced(orderOf(from + index)))
}

/** Cancels each tenth of so many orders. */
export function cancelSome(many: number): ReturnType<typeof OrderCancelled>[] {
  return Array.from({ length: Math.floor(many / 10) }, (_, index) =>
    OrderCancelled({ id: `order-${index * 10}` }),
  )
}

function pick<T>(from: readonly T[], at: number): T {
  return from[at % from.length]!
}
