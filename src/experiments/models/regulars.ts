/**
 * Two builds of one app over the same log: before, and after somebody asked who the regular guests are. Nobody had thought of
 * that when the orders were stored.
 */
import { defineDatabase, table } from 'headwater'
import { OrderPlaced, orderEvents, orders } from './cafe.ts'

/** A guest, from the orders that name her. */
export interface Regular {
  readonly guest: string
  readonly cups: number
  readonly cents: number
}

const regulars = table<Regular>('regulars')
  .on(
    OrderPlaced,
    (row, { data: { guest, cents } }) => ({
      guest,
      cups: (row?.cups ?? 0) + 1,
      cents: (row?.cents ?? 0) + cents,
    }),
    { key: ({ guest }) => guest },
  )
  .index('byCups', (row) => [row.cups])

export const cafeBefore = defineDatabase({ name: 'cafe-before', events: orderEvents, views: { orders } })
export const cafeWithRegulars = defineDatabase({
  name: 'cafe-with-regulars',
  events: orderEvents,
  views: { orders, regulars },
})
