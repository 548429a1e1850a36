/** Experiment 5: the same file is imported twice, the second time under another name. */
import { defineExperiment } from '../experiment.ts'
import { cafe } from '../models/cafe.ts'
import { placeOrders } from '../models/order-book.ts'
import { formatCents, formatMs } from '../wording.ts'

const MANY = 500

export const importTwice = defineExperiment({
  slug: 'import-twice',
  title: 'The same import, sent twice',
  idea: 'Idempotence',
  story:
    'Another till hands over a file: 500 orders, a line each, without any id of ours in it. It is imported. Then somebody finds the same file once more under another name, is not sure whether it was taken, and imports it again.',
  question: 'How many orders are in the log after the second import?',
  choices: {
    double: '1,000: the file came twice.',
    same: '500: the second import succeeds and changes nothing.',
    refused: '500: the second import is refused with an error.',
  },
  act: 'Import it twice',
  lesson:
    'An operation is idempotent if doing it twice is like doing it once; then “just try again” is always a safe answer to a doubt. Here every source of events counts its own events, also a file: its name is a digest of its content, and its lines are its numbers. So a duplicate is known by its number, without a list of all ids ever seen, and it is no error.',
  chapter: 'Chapter 11, “Fault Tolerance: Idempotence”; chapter 12, “Duplicate suppression”',

  run: async (stage) => {
    const file = new Blob([orderFile()], { type: 'application/x-ndjson' })
    const db = await stage.open(cafe, 'till')
    const first = await stage.time(() => db.importEvents(file))
    stage.tell(`First import, ${formatMs(first.ms)}: ${first.value.imported} events stored.`)
    await db.settled()
    const before = await totalOf(db.views.takings.range())

    const copy = new Blob([await file.text()])
    const second = await stage.time(() => db.importEvents(copy))
    const { imported, duplicates, lines } = second.value
    stage.tell(`Second import, ${formatMs(second.ms)}: ${imported} stored, ${duplicates} were here already.`)
    await db.settled()
    const after = await totalOf(db.views.takings.range())
    const { head } = db.status.get().log
    stage.tell(`The takings were ${formatCents(before)} before it and are ${formatCents(after)} now.`)

    return {
      answer: imported === 0 && after === before ? 'same' : 'double',
      summary: `Of ${lines} lines the second import stored ${imported} and knew ${duplicates}. The log ends at ${head}, and the takings are ${after === before ? 'the same to the cent' : 'other ones'}.`,
      figures: [
        { name: 'Stored by the first', value: String(first.value.imported) },
        { name: 'Stored by the second', value: String(imported) },
        { name: 'Known already', value: String(duplicates) },
        { name: 'Events in the log', value: String(head) },
        { name: 'Takings', value: formatCents(after) },
      ],
    }
  },
})

/** One order a line, as a till of somebody else would write it. */
function orderFile(): string {
  return placeOrders(MANY)
    .map(({ type, data }) => JSON.stringify({ type, data }))
    .join('\n')
}

async function totalOf(groups: PromiseLike<readonly { readonly cents: number }[]>): Promise<number> {
  return (await groups).reduce((total, { cents }) => total + cents, 0)
}
