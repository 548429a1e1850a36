/**
 * Two builds of one app, years apart. The first stored prices as euros with a comma's worth of trouble; the second counts
 * cents and names the currency. Its upcaster lifts what the first one stored, each time that it is read.
 */
import { defineDatabase, defineEvent, table } from 'headwater'
import * as v from 'valibot'

const key = (data: { readonly id: string }): string => data.id

const PriceSetInEuros = defineEvent('price.set', {
  version: 1,
  schema: v.object({ id: v.string(), euros: v.number() }),
  key,
})

const PriceSetInCents = defineEvent('price.set', {
  version: 2,
  schema: v.object({ id: v.string(), cents: v.pipe(v.number(), v.integer()), currency: v.string() }),
  key,
  upcast: {
    1: ({ id, euros }) => ({ id, cents: Math.round(euros * 100), currency: 'EUR' }),
  },
})

const oldPrices = table<{ readonly euros: number }>('prices', { version: 1 }).on(
  PriceSetInEuros,
  (_row, { data: { euros } }) => ({ euros }),
)

/** A price as the new build knows it. */
export interface Price {
  readonly cents: number
  readonly currency: string
}

const prices = table<Price>('prices', { version: 2 })
  .on(PriceSetInCents, (_row, { data: { cents, currency } }) => ({ cents, currency }))
  .index('byCurrency', (row) => [row.currency, row.cents])

export const setInEuros = PriceSetInEuros
export const setInCents = PriceSetInCents
export const oldPriceList = defineDatabase({
  name: 'price-list-old',
  events: [PriceSetInEuros],
  views: { prices: oldPrices },
})
export const newPriceList = defineDatabase({
  name: 'price-list-new',
  events: [PriceSetInCents],
  views: { prices },
})
