/**
 * The model that most experiments share: the orders of a café. Three events say what happened; a table, takings per drink and a
 * search in the guests' wishes are derived from them.
 */
import { aggregate, count, defineDatabase, defineEvent, sum, table } from 'headwater'
import { search } from 'headwater/search'
import * as v from 'valibot'

const id = v.pipe(v.string(), v.minLength(1))
const cents = v.pipe(v.number(), v.integer(), v.minValue(0))
const order = v.object({ id, guest: v.string(), drink: v.string(), cents, wish: v.string() })
const orderKey = (data: { readonly id: string }): string => data.id

export type Order = Readonly<v.InferOutput<typeof order>>

export const OrderPlaced = defineEvent('order.placed', { schema: order, key: orderKey })
export const OrderChanged = defineEvent('order.changed', {
  schema: v.object({ id, drink: v.string(), cents }),
  key: orderKey,
})
export const OrderCancelled = defineEvent('order.cancelled', { schema: v.object({ id }), key: orderKey })

/** All three events, for models of other views over the same log. */
export const orderEvents = [OrderPlaced, OrderChanged, OrderCancelled] as const

export const orders = table<Order>('orders')
  .on(OrderPlaced, (_row, { data }) => data)
  .on(OrderChanged, (row, { data }) => row && { ...row, ...data })
  .on(OrderCancelled, () => null)
  .index('byDrink', (row) => [row.drink])

export const takings = aggregate('takings', orders, {
  groupBy: (row) => row.drink,
  measures: { cups: count(), cents: sum((row: Order) => row.cents) },
})

export const wishes = search('wishes', orders, { fields: { wish: 1 } })

export const cafe = defineDatabase({ name: 'cafe', events: orderEvents, views: { orders, takings, wishes } })
