/** Experiment 2: a view had a bug for a long time; its mended version is folded anew from the log, which nobody touches. */
import type { Database, Receipt } from 'headwater'
import { formatCount } from '../../format.ts'
import { defineExperiment } from '../experiment.ts'
import { cafeMended, cafeMistaken } from '../models/mistaken-takings.ts'
import { cancelSome, placeOrders } from '../models/order-book.ts'
import { exportText } from '../stored-log.ts'
import { formatCents, formatMs } from '../wording.ts'

const MANY = 2_000

export const mendedFold = defineExperiment({
  slug: 'mended-fold',
  title: 'A bug in a fold, mended',
  idea: 'Batch and stream as one pipeline',
  story:
    'For weeks the takings of a café were too high: the fold that sums them up counted cancelled orders as well. 2,000 orders and 200 cancellations are in the log. Now the fold is mended, its version is raised from 1 to 2, and the app is opened again.',
  question: 'What becomes of the wrong takings of the weeks before?',
  choices: {
    wrong: 'They stay wrong; only new orders are counted rightly.',
    right: 'They become right by themselves, and the log stays as it is.',
    corrected: 'They become right, once correcting events were added to the log.',
  },
  act: 'Find the bug, mend it',
  lesson:
    'The bug was in what was concluded, not in what was recorded. Since the old events are all there, the same fold that follows new events can be run over the past: a batch job and a stream processor in one. People make mistakes; a log that is never overwritten lets them be taken back.',
  chapter: 'Chapter 12, “Batch and Stream Processing”; chapter 11, “State, Streams, and Immutability”',

  run: async (stage) => {
    const mistaken = await stage.open(cafeMistaken, 'till')
    await mistaken.append(placeOrders(MANY))
    const atLeast = await mistaken.append(cancelSome(MANY))
    const wrong = await totalOf(mistaken, atLeast)
    stage.tell(
      `${formatCount(MANY)} orders and ${MANY / 10} cancellations are in the log. Version 1 says: ${formatCents(wrong)}.`,
    )
    const before = await exportText(mistaken)
    await mistaken.close()

    const mended = await stage.open(cafeMended, 'till')
    stage.tell(
      'Version 2 was opened. Its fingerprint is another one, so that it folds the log from the start.',
    )
    const { value: total, ms } = await stage.time(() => totalOf(mended, atLeast))
    stage.tell(`${formatMs(ms)} after opening it says: ${formatCents(total)}.`)
    const isUntouched = (await exportText(mended)) === before
    const isRight = total === totalByHand()
    stage.tell(`Summed up by hand it is ${formatCents(totalByHand())}.`)

    return {
      answer: total === wrong ? 'wrong' : !isRight ? undefined : isUntouched ? 'right' : 'corrected',
      summary: `${formatCents(wrong - total)} too much, gone ${formatMs(ms)} after the mended version was opened. The log was exported before and after: ${isUntouched ? 'the same, byte for byte' : 'the two differ'}.`,
      figures: [
        { name: 'Version 1 says', value: formatCents(wrong) },
        { name: 'Version 2 says', value: formatCents(total) },
        { name: 'By hand', value: formatCents(totalByHand()) },
        { name: 'Log unchanged', value: isUntouched ? 'yes' : 'no' },
        { name: 'Right after', value: formatMs(ms) },
      ],
    }
  },
})

type Till = Database<typeof cafeMistaken> | Database<typeof cafeMended>

async function totalOf({ views: { takings } }: Till, atLeast: Receipt): Promise<number> {
  const groups = await takings.range({ atLeast })
  return groups.reduce((total, { cents }) => total + cents, 0)
}

function totalByHand(): number {
  const cancelled = new Set(cancelSome(MANY).map(({ data }) => data.id))
  return placeOrders(MANY).reduce((total, { data }) => total + (cancelled.has(data.id) ? 0 : data.cents), 0)
}
