// A model whose folds misbehave: one throws, one ends its worker from the inside or keeps it busy.
import { defineDatabase, defineEvent, table } from 'headwater'
import * as v from 'valibot'

export const Told = defineEvent('told', { schema: v.string(), key: () => 'all' })

const throwing = table<string>('throwing').on(Told, (_row, { data }) => {
  if (data === 'throw') throw new RangeError('told to')
  return data
})
const fatal = table<string>('fatal').on(Told, (_row, { data }) => {
  // An error outside of any call reaches the page as the worker's `error` event.
  if (data === 'die') setTimeout(die)
  if (data === 'hang') hang()
  return data
})

function hang(): void {
  const endMs = performance.now() + 4_000
  while (performance.now() < endMs) Math.hypot(1, 2)
}

function die(): void {
  throw new Error('told to die')
}

export const odd = defineDatabase({ name: 'odd', events: [Told], views: { throwing, fatal } })
