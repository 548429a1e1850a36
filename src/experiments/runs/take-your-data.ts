/** Experiment 12: everything is exported as text and imported elsewhere; digests say whether it is the same. */
import type { Database } from 'headwater'
import { formatBytes, formatCount } from '../../format.ts'
import { defineExperiment } from '../experiment.ts'
import { cafe, OrderChanged } from '../models/cafe.ts'
import { cancelSome, placeOrders } from '../models/order-book.ts'
import { exportText, readEvents } from '../stored-log.ts'
import { formatMs } from '../wording.ts'

const MANY = 1_000
const VIEWS = ['orders', 'takings', 'wishes'] as const

export const takeYourData = defineExperiment({
  slug: 'take-your-data',
  title: 'Take your data and go',
  idea: 'Portability',
  story:
    'A café changes its till. The old one holds 1,000 orders with changes and cancellations. All of it is exported as one text file and imported into an empty database. Then each view of both is boiled down to a digest: a short text that differs when anything in the view does.',
  question: 'How much of it is the same in the new place?',
  choices: {
    all: 'All of it: equal digests for every view, and each event with its own time.',
    close: 'Nearly all; times and the order of events are new.',
    rows: 'The orders as they are now, without how they came about.',
  },
  act: 'Export and move',
  lesson:
    'Since everything else is derived from the log, the log is all that one has to take along, and views that are made from equal logs are equal. The export holds what was written, in the form in which it was written, as lines of text that other programs can read. Data that can leave make a vendor something one chooses.',
  chapter: 'Chapter 12, “Designing for auditability”; chapter 11, “Advantages of immutable events”',

  run: async (stage) => {
    const old = await stage.open(cafe, 'old-till')
    await old.append(placeOrders(MANY))
    await old.append(OrderChanged({ id: 'order-7', drink: 'cocoa', cents: 420 }))
    await old.append(cancelSome(MANY))
    const exported = await stage.time(() => exportText(old))
    const bytes = new Blob([exported.value]).size
    stage.tell(`${formatBytes(bytes)} of text were exported in ${formatMs(exported.ms)}.`)

    const place = await stage.open(cafe, 'new-till')
    const moved = await stage.time(() => place.importEvents(exported.value))
    stage.tell(`The new till took ${formatCount(moved.value.imported)} events in ${formatMs(moved.ms)}.`)
    const digests = await Promise.all(VIEWS.map((view) => digestsOf(view, old, place)))
    const equal = digests.filter(([, one, other]) => one === other).length
    stage.tell(`Digests were made of each view in both: ${equal} of ${VIEWS.length} are equal.`)
    const [one, other] = await Promise.all([old, place].map(readEvents))
    const isSame = JSON.stringify(one) === JSON.stringify(other)
    stage.tell(
      `The logs were compared event by event, times included: ${isSame ? 'the same' : 'they differ'}.`,
    )

    return {
      answer: equal < VIEWS.length ? undefined : isSame ? 'all' : 'close',
      summary: `${formatCount(moved.value.imported)} events moved as ${formatBytes(bytes)} of text. ${equal} of ${VIEWS.length} views have equal digests, and the logs are ${isSame ? 'the same, event by event' : 'different'}.`,
      figures: [
        { name: 'Exported', value: formatBytes(bytes) },
        { name: 'Events imported', value: formatCount(moved.value.imported) },
        { name: 'Views with equal digests', value: `${equal} of ${VIEWS.length}` },
        { name: 'Logs equal', value: isSame ? 'yes' : 'no' },
      ],
      table: { caption: 'Digests', columns: ['View', 'Old till', 'New till'], rows: digests },
    }
  },
})

type Till = Database<typeof cafe>

async function digestsOf(
  view: (typeof VIEWS)[number],
  ...tills: readonly Till[]
): Promise<readonly string[]> {
  const digests = await Promise.all(tills.map((till) => till.digest(view)))
  return [view, ...digests.map(({ digest }) => digest)]
}
