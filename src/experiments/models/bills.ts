/**
 * A view that an event can poison: it writes bills, and for a drink that costs nothing its fold throws. The second build
 * knows better. Beside it stand views that have no trouble with that event.
 */
import { defineDatabase, table } from 'headwater'
import { OrderPlaced, orderEvents, orders, takings } from './cafe.ts'

interface Bill {
  readonly text: string
}

const trusting = table<Bill>('bills', { version: 1 }).on(OrderPlaced, (_row, { data }) => {
  if (data.cents === 0) throw new RangeError(`No bill can be written over 0 cents (${data.id}).`)
  return { text: `${data.drink}: ${data.cents} cents` }
})

const prepared = table<Bill>('bills', { version: 2 }).on(OrderPlaced, (_row, { data }) => ({
  text: data.cents === 0 ? `${data.drink}: on the house` : `${data.drink}: ${data.cents} cents`,
}))

export const cafeTrusting = defineDatabase({
  name: 'cafe-trusting',
  events: orderEvents,
  views: { orders, takings, bills: trusting },
})
export const cafePrepared = defineDatabase({
  name: 'cafe-prepared',
  events: orderEvents,
  views: { orders, takings, bills: prepared },
})
