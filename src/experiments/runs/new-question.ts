/** Experiment 3: a view is added long after the events were stored, and knows all of them. */
import { formatCount } from '../../format.ts'
import { defineExperiment } from '../experiment.ts'
import { placeOrders } from '../models/order-book.ts'
import { cafeBefore, cafeWithRegulars } from '../models/regulars.ts'
import { formatMs, formatOf } from '../wording.ts'

const MANY = 2_000

export const newQuestion = defineExperiment({
  slug: 'new-question',
  title: 'A new question asked of old events',
  idea: 'Batch and stream as one pipeline',
  story:
    'A café has stored 2,000 orders and kept one view of them: a table of orders. Nobody counted anything by guest. Today somebody asks who the regular guests are, and the app is shipped with one more view, keyed by guest.',
  question: 'From when on does the new view know the guests?',
  choices: {
    ever: 'From the first order on, as if it had always been there.',
    today: 'From today on: it sees what is appended from now.',
    migration: 'Not before somebody has written and run a migration.',
  },
  act: 'Ask the new question',
  lesson:
    'Who stores what happened, and not only what the app shows today, can answer questions that nobody had yet. A new view needs no migration and no copy of the old code: it reads the log from the start, like a batch job, and then goes on with each new event, like a stream processor.',
  chapter: 'Chapter 12, “Reprocessing data for application evolution”',

  run: async (stage) => {
    const before = await stage.open(cafeBefore, 'till')
    await before.append(placeOrders(MANY))
    stage.tell(`${formatCount(MANY)} orders are in the log; the app has one view, “orders”.`)
    await before.close()

    const db = await stage.open(cafeWithRegulars, 'till')
    const { regulars, orders } = db.views
    stage.tell('The app was opened with a second view, “regulars”.')
    const asked = await stage.time(() => regulars.range('byCups', { reverse: true }))
    const guests = asked.value
    const known = guests.reduce((cups, guest) => cups + guest.cups, 0)
    stage.tell(
      `“regulars” knew ${guests.length} guests with ${formatCount(known)} cups ${formatMs(asked.ms)} later.`,
    )
    const [best] = guests
    if (best === undefined) throw new Error('The new view knows no guest.')

    const again = await db.append(placeOrders(1, MANY))
    const after = await regulars.range('byCups', { atLeast: again })
    const followed = after.reduce((cups, guest) => cups + guest.cups, 0) - known
    stage.tell(`One more order was appended: the new view counts ${followed} cup more.`)
    const rows = await orders.count('key', { atLeast: again })

    return {
      answer: known === MANY ? 'ever' : known === 0 ? 'today' : undefined,
      summary: `The new view knows ${formatOf(known, MANY)} orders that were stored before it was thought of; ${best.guest} has had the most, ${best.cups} cups. Then it follows what comes.`,
      figures: [
        { name: 'Old orders that it knows', value: formatOf(known, MANY) },
        { name: 'First answer after', value: formatMs(asked.ms) },
        { name: 'Rows in the old view meanwhile', value: formatCount(rows) },
      ],
      table: {
        caption: 'The most faithful guests',
        columns: ['Guest', 'Cups'],
        rows: guests.slice(0, 3).map(({ guest, cups }) => [guest, String(cups)]),
      },
    }
  },
})
