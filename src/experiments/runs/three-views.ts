/** Experiment 1: a table, sums and a search index are fed from one log; one event changes all that depend on it. */
import { defineExperiment } from '../experiment.ts'
import { cafe, OrderCancelled } from '../models/cafe.ts'
import { orderOf, placeOrders } from '../models/order-book.ts'
import { formatMs } from '../wording.ts'

const MANY = 600
/** An order with oat milk. */
const CANCELLED = orderOf(4)

export const threeViews = defineExperiment({
  slug: 'three-views',
  title: 'Three views from one log',
  idea: 'Derived data',
  story:
    'A café appends 600 orders to its log. Three views are derived from it: a table of orders, the takings per drink, and a search in the guests’ wishes. Then one event is appended: an order with oat milk is cancelled. The app writes nothing else.',
  question: 'How many of the three views answer differently after that one event?',
  choices: {
    one: 'One: the table of orders. The others need an update of their own.',
    two: 'Two: the table and the takings. The search has to be indexed again.',
    three: 'All three, though the app wrote only to the log.',
  },
  act: 'Take orders, cancel one',
  lesson:
    'The log is the truth; table, sums and search index are only ways of looking at it. An app that writes to three stores by itself must see to it that they agree, also when it fails half way. Here there is one write, and each view follows it.',
  chapter: 'Chapter 12, “Data Integration”: combining specialised tools by deriving data',

  run: async (stage) => {
    const db = await stage.open(cafe, 'till')
    const { orders, takings, wishes } = db.views
    const placed = await stage.time(() => db.append(placeOrders(MANY)))
    stage.tell(`${MANY} orders were appended as one commit in ${formatMs(placed.ms)}.`)

    const ask = async (atLeast: typeof placed.value): Promise<readonly [number, number, number]> => {
      const rows = await orders.count('key', { atLeast })
      const sums = await takings.get(CANCELLED.drink, { atLeast })
      const found = await wishes.search('oat milk', { atLeast, limit: 1 })
      return [rows, sums?.cups ?? 0, found.total]
    }
    const before = await stage.time(() => ask(placed.value))
    stage.tell(
      `Three views answered from it within ${formatMs(before.ms)}, the search index made on the way.`,
    )

    const cancelled = await db.append(OrderCancelled({ id: CANCELLED.id }))
    stage.tell(
      `One event was appended: ${CANCELLED.id} (${CANCELLED.drink}, “${CANCELLED.wish}”) is cancelled.`,
    )
    const after = await stage.time(() => ask(cancelled))
    const changed = after.value.filter((answer, view) => answer !== before.value[view]).length
    stage.tell(`Asked again, ${changed} of 3 views answer differently, after ${formatMs(after.ms)}.`)

    const names = ['Orders in the table', `Cups of ${CANCELLED.drink}`, 'Orders found for “oat milk”']
    return {
      answer: ([undefined, 'one', 'two', 'three'] as const)[changed],
      summary: `One event, and ${changed} of 3 views changed. The log holds ${cancelled.offset} events: ${MANY} orders and one cancellation, and nothing written for any view.`,
      figures: [
        { name: 'Events in the log', value: String(cancelled.offset) },
        { name: 'Views that changed', value: `${changed} of 3` },
        { name: 'Until all three answered', value: formatMs(after.ms) },
      ],
      table: {
        caption: 'What the views answer',
        columns: ['Asked', 'Before', 'After'],
        rows: names.map((name, view) => [name, String(before.value[view]), String(after.value[view])]),
      },
    }
  },
})
