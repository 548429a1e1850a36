/** Experiment 6: a view meets an event that its fold cannot take. It is parked alone, and mended by its next version. */
import { isHeadwaterError, type ViewStatus } from 'headwater'
import { defineExperiment } from '../experiment.ts'
import { cafePrepared, cafeTrusting } from '../models/bills.ts'
import { OrderPlaced } from '../models/cafe.ts'
import { orderOf, placeOrders } from '../models/order-book.ts'
import { formatOf } from '../wording.ts'

const BEFORE = 200
const AFTER = 100
const MANY = BEFORE + 1 + AFTER

export const poisonEvent = defineExperiment({
  slug: 'poison-event',
  title: 'A poison event',
  idea: 'Derived data',
  story:
    'A café has three views: the orders, the takings, and the bills. After 200 orders a cocoa is on the house: 0 cents. The fold that writes bills was never tried with that, and throws. 100 more orders follow.',
  question: 'One fold throws. What becomes of the other views?',
  choices: {
    one: 'The bills stop there; orders and takings go on as if nothing had been.',
    all: 'All views stop at that event until it is out of the way.',
    skipped: 'The event is passed over, and all three go on.',
  },
  act: 'Serve the cocoa',
  lesson:
    'Where one transaction updates everything, a fault in one part takes all parts with it. Views that each read the log at their own pace fail each on its own: the faulty one stops before it would be wrong, and says at which event and why. It loses nothing by waiting, since the log keeps what it has not seen yet.',
  chapter: 'Chapter 12, “Unbundling Databases”: loose coupling contains faults',

  run: async (stage) => {
    const db = await stage.open(cafeTrusting, 'till')
    await db.append(placeOrders(BEFORE))
    const poison = await db.append(OrderPlaced({ ...orderOf(BEFORE), drink: 'cocoa', cents: 0 }))
    const atLeast = await db.append(placeOrders(AFTER, BEFORE + 1))
    const bills = db.views.bills.count('key', { atLeast })
    const refusal = await bills.then(() => undefined, whyNot)
    const rows = await db.views.orders.count('key', { atLeast })
    stage.tell(`${MANY} orders are in the log. “orders” has ${formatOf(rows, MANY)}.`)
    stage.tell(`“bills” refuses to answer: ${refusal ?? 'it does not refuse'}`)
    const { views } = await stage.until(db.status, ({ views }) => views.some(isParked))
    const parked = views.filter(isParked)
    const why = parked[0]?.error?.message ?? 'nothing'
    stage.tell(`It is parked at event ${parked[0]?.error?.facts.offset ?? poison.offset}: ${why}`)
    await db.close()

    const mended = await stage.open(cafePrepared, 'till')
    const written = await mended.views.bills.count('key', { atLeast })
    const free = await mended.views.bills.get(orderOf(BEFORE).id)
    stage.tell(`The mended view was opened: ${formatOf(written, MANY)} bills, among them “${free?.text}”.`)

    return {
      answer: parked.length === 1 && rows === MANY ? 'one' : parked.length === 0 ? 'skipped' : 'all',
      summary: `${parked.length} of ${views.length} views was parked (${parked.map(({ name }) => name).join(', ')}); the others folded all ${rows} orders. Mended, the bills caught up from the log, the poison included.`,
      figures: [
        { name: 'Views parked', value: `${parked.length} of ${views.length}` },
        { name: 'Orders folded meanwhile', value: formatOf(rows, MANY) },
        { name: 'Bills after mending', value: formatOf(written, MANY) },
      ],
      table: {
        caption: 'The views after the poison',
        columns: ['View', 'State', 'Folded up to'],
        rows: views.map(({ name, state, position }) => [name, state, String(position)]),
      },
    }
  },
})

const isParked = ({ state }: ViewStatus): boolean => state === 'parked'

const whyNot = (error: unknown): string => (isHeadwaterError(error) ? `${error.code}.` : String(error))
