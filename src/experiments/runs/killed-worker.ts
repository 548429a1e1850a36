/** Experiment 4: the worker is ended while appends are under way; each order is in the log once all the same. */
import { defineExperiment } from '../experiment.ts'
import { cafe } from '../models/cafe.ts'
import { placeOrders } from '../models/order-book.ts'
import { readEvents } from '../stored-log.ts'
import { formatMs, formatOf } from '../wording.ts'

const MANY = 600
const AT_ONCE = 20
const UNDER_WAY = 100
/** The worker is killed behind this order. */
const KILLED_AT = 400

export const killedWorker = defineExperiment({
  slug: 'killed-worker',
  title: 'The worker, killed in mid-write',
  idea: 'End-to-end correctness',
  story:
    'A till appends 600 orders, each as a commit of its own, 20 at a time, with up to 100 under way. In the middle of it the worker that writes them is terminated, as a crash would do it. Some orders are acknowledged by then, some are on their way, some are still to come.',
  question: 'How do the 600 orders stand in the log afterwards?',
  choices: {
    lost: 'Those that were under way are lost.',
    once: 'Each is there exactly once.',
    twice: 'None is lost, but some are there twice, since they were sent again.',
  },
  act: 'Kill the worker',
  lesson:
    'Whoever got no answer cannot know whether the work was done. Sending again makes it sure that it is done at least once; so that it is done only once, the receiver must recognise the request. Here each commit carries an id that the page drew when the order was appended. The next worker looks for it in the log before it writes: an end-to-end check, since no layer between can make it.',
  chapter: 'Chapter 12, “The End-to-End Argument for Databases”',

  run: async (stage) => {
    const db = await stage.open(cafe, 'till')
    const acknowledged = new Set<string>()
    const appends: Promise<unknown>[] = []
    let waiting = 0
    for (const draft of placeOrders(MANY)) {
      const append = db.append(draft).then(() => acknowledged.add(draft.data.id))
      append.catch(() => undefined) // told below, where all are awaited
      appends.push(append)
      if (appends.length % AT_ONCE > 0) continue
      if (appends.length === KILLED_AT) {
        waiting = appends.length - acknowledged.size
        stage.killWorker(db)
        stage.tell(
          `The worker was terminated: ${acknowledged.size} orders acknowledged, ${waiting} under way.`,
        )
      }
      await stage.wait(0)
      await appends[appends.length - UNDER_WAY]
    }
    const { ms } = await stage.time(() => Promise.all(appends))
    const { restarts } = db.status.get()
    stage.tell(`Another worker took over (${restarts} restart). ${formatMs(ms)} later all were acknowledged.`)

    const events = await readEvents(db)
    const ids = new Set(events.map(({ data }) => JSON.stringify(data)))
    const twice = events.length - ids.size
    const lost = MANY - ids.size
    stage.tell(`The log was read from the start: ${events.length} events, ${ids.size} different orders.`)
    await db.settled()
    const { equal } = await db.verify('takings')
    const rows = await db.views.orders.count()
    stage.tell(`The views were folded again and compared: ${equal ? 'equal' : 'different'}. ${rows} rows.`)

    return {
      answer: lost > 0 ? 'lost' : twice > 0 ? 'twice' : 'once',
      summary: `${waiting} orders were under way when the worker died. Lost: ${lost}. Twice: ${twice}. The log holds ${events.length} events, and the table ${rows} rows.`,
      figures: [
        { name: 'Under way at the kill', value: String(waiting) },
        { name: 'Lost', value: String(lost) },
        { name: 'Twice', value: String(twice) },
        { name: 'Orders in the log', value: formatOf(ids.size, MANY) },
        { name: 'Restarts of the worker', value: String(restarts) },
      ],
    }
  },
})
