/** Experiment 10: events of an old version are lifted whenever they are read; what is stored stays as it was written. */
import { defineExperiment } from '../experiment.ts'
import { newPriceList, oldPriceList, setInCents, setInEuros } from '../models/prices.ts'
import { exportText } from '../stored-log.ts'
import { formatCents, formatMs, formatOf } from '../wording.ts'

const MANY = 400

export const oldFormat = defineExperiment({
  slug: 'old-format',
  title: 'An old format, lifted on read',
  idea: 'Schema evolution',
  story:
    'Years ago an app stored 400 prices as euros: 2.9. Today’s build counts cents and names the currency: 290 EUR. It declares version 2 of the event, and one function that makes a version 2 out of a version 1. Then it opens the old log and adds a price of its own.',
  question: 'What becomes of the 400 old events?',
  choices: {
    lifted: 'They stay as they are, byte for byte, and are lifted each time they are read.',
    rewritten: 'They are rewritten once, in a migration, when the new build opens the log.',
    dropped: 'They are passed over, since they do not fit the new format.',
  },
  act: 'Open it with the new build',
  lesson:
    'Data outlive code. A log that is never rewritten holds what every build of an app has ever written, so each build must read all versions before it. A small pure function for each step is enough, and there is no moment at which a half-done migration could fail. Folds see the newest form only.',
  chapter: 'Chapter 4, “Encoding and Evolution”: data outlives code',

  run: async (stage) => {
    const old = await stage.open(oldPriceList, 'prices')
    await old.append(Array.from({ length: MANY }, (_, index) => setInEuros(euroPrice(index))))
    stage.tell(`The old build stored ${MANY} prices, the first as ${JSON.stringify(euroPrice(0))}.`)
    const before = await exportText(old)
    await old.close()

    const list = await stage.open(newPriceList, 'prices')
    const asked = await stage.time(() => list.views.prices.count('byCurrency', { prefix: ['EUR'] }))
    const lifted = asked.value
    stage.tell(`The new build read ${formatOf(lifted, MANY)} as euros and cents, in ${formatMs(asked.ms)}.`)
    const isUntouched = (await exportText(list)) === before
    stage.tell(`The log was exported before and after: ${isUntouched ? 'the same bytes' : 'other bytes'}.`)

    const added = await list.append(setInCents({ id: 'lemonade', cents: 350, currency: 'EUR' }))
    const rows = await list.views.prices.range('key', { atLeast: added })
    const sum = rows.reduce((cents, price) => cents + price.cents, 0)
    const expected = 350 + Array.from({ length: MANY }, (_, index) => centsOf(index)).reduce((a, b) => a + b)
    stage.tell(`A price of version 2 was appended: ${rows.length} rows, ${formatCents(sum)} in all.`)
    const first = await list.views.prices.get(euroPrice(0).id)

    return {
      answer: lifted < MANY ? 'dropped' : isUntouched ? 'lifted' : 'rewritten',
      summary: `${formatOf(lifted, MANY)} old prices are there in the new form, and the stored log is ${isUntouched ? 'the same, byte for byte' : 'another one'}. Old and new add up to ${formatCents(sum)}; by hand it is ${formatCents(expected)}.`,
      figures: [
        { name: 'Old events read', value: formatOf(lifted, MANY) },
        { name: 'Log unchanged', value: isUntouched ? 'yes' : 'no' },
        { name: 'Sum of all prices', value: formatCents(sum) },
        { name: 'By hand', value: formatCents(expected) },
      ],
      table: {
        caption: 'One price',
        columns: ['Where', 'Version', 'Data'],
        rows: [
          ['in the log', '1', JSON.stringify({ euros: euroPrice(0).euros })],
          ['in the fold', '2', JSON.stringify(first)],
        ],
      },
    }
  },
})

const centsOf = (index: number): number => 150 + ((index * 37) % 600)

const euroPrice = (index: number): { readonly id: string; readonly euros: number } => ({
  id: `drink-${index}`,
  euros: centsOf(index) / 100,
})
