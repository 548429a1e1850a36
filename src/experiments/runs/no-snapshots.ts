/** Experiment 11: all stored snapshots are deleted behind the app's back; the answers are the same, only later. */
import type { Database, ViewStatus } from 'headwater'
import { formatBytes, formatCount } from '../../format.ts'
import { defineExperiment } from '../experiment.ts'
import { cafe } from '../models/cafe.ts'
import { cancelSome, placeOrders } from '../models/order-book.ts'
import type { Stage } from '../stage.ts'
import { formatMs } from '../wording.ts'

const MANY = 4_000

export const noSnapshots = defineExperiment({
  slug: 'no-snapshots',
  title: 'All snapshots deleted',
  idea: 'Derived data',
  story:
    'So that an app need not fold its whole log at each visit, each view stores a snapshot of its state now and then. 4,000 orders are in the log, and the snapshots are up to date. The app is closed, and the database that holds all snapshots is deleted. Then it is opened again.',
  question: 'What is lost with the snapshots?',
  choices: {
    orders: 'The orders since the last export or sync.',
    views: 'The views: they are empty until new orders come.',
    time: 'A little time at the next opening, and nothing else.',
  },
  act: 'Delete the snapshots',
  lesson:
    'A snapshot is a cache of work done. Everything in it can be made again from the log, so it may be stored late, written carelessly, thrown away when the disk is full, or made by code that was wrong. Only the log needs care. To know which of one’s data are like that is half of a backup plan.',
  chapter:
    'Chapter 12, “Observing Derived State”; introduction to Part III: systems of record and derived data',

  run: async (stage) => {
    const db = await stage.open(cafe, 'till')
    await db.append(placeOrders(MANY / 2))
    await db.append(placeOrders(MANY / 2, MANY / 2))
    await db.append(cancelSome(MANY))
    await db.settled()
    await stage.until(db.status, ({ log, views }) =>
      snapshotsOf(views).every((checkpoint) => checkpoint === log.head),
    )
    const { snapshots } = await db.storage()
    const bytes = formatBytes(snapshots.reduce((sum, snapshot) => sum + snapshot.bytes, 0))
    stage.tell(
      `${formatCount(db.status.get().log.head)} events are in the log. Snapshots of ${bytes} are up to date with it.`,
    )
    await db.close()

    const withThem = await openAndAsk(stage)
    stage.tell(
      `Opened with snapshots: ${formatCount(withThem.folded)} events folded, answers after ${formatMs(withThem.ms)}.`,
    )
    await withThem.db.close()
    await stage.deleteSnapshots(db)
    stage.tell('Closed. The database that held all snapshots was deleted.')
    const without = await openAndAsk(stage)
    stage.tell(
      `Opened without: ${formatCount(without.folded)} events folded, answers after ${formatMs(without.ms)}.`,
    )

    const areEqual = without.answers === withThem.answers
    const { rows, db: again } = without
    const { head } = again.status.get().log
    return {
      answer: head === 0 ? 'orders' : rows === 0 ? 'views' : areEqual ? 'time' : undefined,
      summary: `All ${formatCount(rows)} rows and the takings are ${areEqual ? 'the same' : 'not the same'}. What it cost: ${formatCount(without.folded)} events were folded again, and the first answers came after ${formatMs(without.ms)} instead of ${formatMs(withThem.ms)}.`,
      figures: [
        { name: 'Snapshots deleted', value: bytes },
        { name: 'Rows afterwards', value: formatCount(rows) },
        { name: 'Answers equal', value: areEqual ? 'yes' : 'no' },
      ],
      table: {
        caption: 'Opening the app',
        columns: ['Opened', 'Events folded', 'First answers after'],
        rows: [
          ['with snapshots', formatCount(withThem.folded), formatMs(withThem.ms)],
          ['without', formatCount(without.folded), formatMs(without.ms)],
        ],
      },
    }
  },
})

interface Opened {
  readonly db: Database<typeof cafe>
  /** Events that no snapshot holds. */
  readonly folded: number
  /** From the opened database to the answers. */
  readonly ms: number
  readonly rows: number
  /** All that was asked, as one text. */
  readonly answers: string
}

async function openAndAsk(stage: Stage): Promise<Opened> {
  const db = await stage.open(cafe, 'till')
  const { log, views } = db.status.get()
  const folded = log.head - Math.min(...snapshotsOf(views))
  const { value, ms } = await stage.time(() =>
    Promise.all([db.views.orders.range('byDrink', { limit: MANY }), db.views.takings.range()]),
  )
  return { db, folded, ms, rows: value[0].length, answers: JSON.stringify(value) }
}

/** Up to where table and takings have stored snapshots; the search index, which nobody asked here, has none yet. */
function snapshotsOf(views: readonly ViewStatus[]): readonly number[] {
  return views.filter(({ kind }) => kind !== 'search').map(({ checkpoint }) => checkpoint)
}
