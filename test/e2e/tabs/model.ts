// The model of the tabs' test: counters that anybody may raise, and pads that anybody may write on.
import { aggregate, count, defineDatabase, defineEvent, sum, table } from 'headwater'
import { documents } from 'headwater/documents'
import * as v from 'valibot'

export const Raised = defineEvent('raised', {
  schema: v.object({ id: v.string(), by: v.number(), tab: v.string() }),
  key: ({ id }) => id,
})

interface Raise {
  readonly by: number
  readonly tab: string
}

export const raises = table<Raise>('raises')
  .on(Raised, (_row, { data }) => ({ by: data.by, tab: data.tab }))
  .index('byTab', (row) => [row.tab])
export const totals = aggregate('totals', raises, {
  groupBy: (row) => row.tab,
  measures: { raises: count(), sum: sum((row) => row.by) },
})
export const pads = documents('pads')
export const counters = defineDatabase({
  name: 'counters',
  events: [Raised],
  views: { raises, totals, pads },
})
