/**
 * Two builds of one app over the same log. The first has a bug in its fold: it takes a cancelled order for a paid one. The
 * second is mended, and says so by another version: that is all that is needed to have the view folded anew.
 */
import { aggregate, count, defineDatabase, sum, table } from 'headwater'
import { OrderCancelled, OrderPlaced, orderEvents } from './cafe.ts'

interface Sale {
  readonly drink: string
  readonly cents: number
}

const mistaken = table<Sale>('sales', { version: 1 })
  .on(OrderPlaced, (_row, { data: { drink, cents } }) => ({ drink, cents }))
  .on(OrderCancelled, (row) => row) // the bug

const mended = table<Sale>('sales', { version: 2 })
  .on(OrderPlaced, (_row, { data: { drink, cents } }) => ({ drink, cents }))
  .on(OrderCancelled, () => null)

const takingsOf = <Of extends typeof mended>(sales: Of) =>
  aggregate('takings', sales, {
    groupBy: (row) => row.drink,
    measures: { cups: count(), cents: sum((row: Sale) => row.cents) },
  })

export const cafeMistaken = defineDatabase({
  name: 'cafe-mistaken',
  events: orderEvents,
  views: { sales: mistaken, takings: takingsOf(mistaken) },
})

export const cafeMended = defineDatabase({
  name: 'cafe-mended',
  events: orderEvents,
  views: { sales: mended, takings: takingsOf(mended) },
})
