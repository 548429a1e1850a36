/** Experiment 7: a slow view is asked at once, with and without a receipt: fresh and wrong, or right and late. */
import type { Query } from 'headwater'
import { defineExperiment } from '../experiment.ts'
import { placeOrders } from '../models/order-book.ts'
import { cafeSlow } from '../models/slow-notes.ts'
import type { Timed } from '../stage.ts'
import { formatMs, formatOf } from '../wording.ts'

const MANY = 150

export const lateOrStale = defineExperiment({
  slug: 'late-or-stale',
  title: 'Right but late, or quick but old',
  idea: 'Timeliness and integrity',
  story:
    'A view of tasting notes ponders some milliseconds over each order: it is slow on purpose. 150 orders are appended as one commit. In the same moment the page asks the slow view twice how many notes there are: once just so, and once with the receipt of the append, which says: answer from there on.',
  question: 'What does the slow view answer, without the receipt and with it?',
  choices: {
    both: 'Both wait until the view has folded everything, and get 150.',
    split: 'Without the receipt an old number at once; with it 150, later.',
    neither: 'Both get an old number; to know better one must ask again later.',
  },
  act: 'Ask a slow view',
  lesson:
    'Two things are called consistency. Integrity: nothing is lost, doubled or wrong for ever. Timeliness: one sees the newest state. A slow view costs only the second, and that heals by itself. Who needs to read what he has just written says so, with the receipt, and waits for that point alone; all others are answered at once, and no other view waits for the slow one.',
  chapter: 'Chapter 12, “Timeliness and Integrity”; chapter 5, “Reading Your Own Writes”',

  run: async (stage) => {
    const db = await stage.open(cafeSlow, 'till')
    const { orders, tastings } = db.views
    await db.settled()
    const receipt = await db.append(placeOrders(MANY))
    stage.tell(`${MANY} orders are stored. Three questions leave in the same moment.`)
    const ask = async (what: string, count: Query<number>): Promise<Timed<number>> => {
      const asked = await stage.time(() => count)
      stage.tell(`${what}: ${formatOf(asked.value, MANY)} after ${formatMs(asked.ms)}.`)
      return asked
    }
    const [quick, waited, other] = await Promise.all([
      ask('The slow view, just so', tastings.count()),
      ask('The slow view, with the receipt', tastings.count('key', { atLeast: receipt })),
      ask('The quick view, with the receipt', orders.count('key', { atLeast: receipt })),
    ])
    const again = await ask('The slow view, just so, once more', tastings.count())

    const isOld = quick.value < MANY
    return {
      answer: waited.value < MANY ? 'neither' : isOld ? 'split' : 'both',
      summary: `Just so, the view knew ${formatOf(quick.value, MANY)} after ${formatMs(quick.ms)}; with the receipt ${formatOf(waited.value, MANY)} after ${formatMs(waited.ms)}. A moment later, just so: ${formatOf(again.value, MANY)}.`,
      figures: [],
      table: {
        caption: 'The same moment, four questions',
        columns: ['Asked', 'Answer', 'After'],
        rows: [
          ['the slow view, just so', formatOf(quick.value, MANY), formatMs(quick.ms)],
          ['the slow view, with the receipt', formatOf(waited.value, MANY), formatMs(waited.ms)],
          ['the quick view, with the receipt', formatOf(other.value, MANY), formatMs(other.ms)],
          ['the slow view, just so, afterwards', formatOf(again.value, MANY), formatMs(again.ms)],
        ],
      },
    }
  },
})
