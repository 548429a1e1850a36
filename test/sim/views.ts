// Asking a page for everything that its views can answer, and comparing with the naive twins over what really lies in the
// log (V3, V7).

import type {
  AggregateView,
  Database,
  DocumentsView,
  Freshness,
  Receipt,
  SearchView,
  TableView,
} from 'headwater'
import type { Task } from './app/model.ts'
import { foldable, naiveAnswers, SOUGHT, stops } from './app/naive.ts'
import { readLog } from './oracle.ts'
import type { Page } from './page.ts'
import type { Replica, World } from './world.ts'

interface TaskViews {
  readonly tasks: TableView<Task, { byStatus: readonly [string, number]; byOwner: readonly [string] }>
  readonly perStatus: AggregateView<string, unknown>
  readonly perOwner: AggregateView<string, unknown>
  readonly texts: SearchView<Task>
  readonly notes: DocumentsView
}

/** How long a page may take to answer. */
const PATIENCE_MS = 60_000

/**
 * Compares all views of a page. Outside of a calm a page may refuse by name, may be frozen, and somebody may append
 * meanwhile: then nothing is compared. Returns whether it was.
 */
export async function checkViews(
  world: World,
  replica: Replica,
  page: Page,
  isCalm: boolean,
): Promise<boolean> {
  const { disk } = replica.device
  const { head, commits, replica: author } = readLog(disk)
  const events = foldable(page.build, commits)
  const isStopped = stops(page.build, events)
  const act = page.act('answers everything', (db) => askAll(db, author, head))
  await world.time.runUntil(() => act.state !== 'going', PATIENCE_MS)
  if (isCalm && act.state !== 'done' && !isStopped)
    throw (act.error as Error | undefined) ?? new Error(`${page.place.name} gives no answer`)
  if (act.state !== 'done' || isStopped || readLog(disk).head !== head) return false
  const expected = naiveAnswers(page.build, events)
  for (const [name, answer] of Object.entries(act.value ?? {})) {
    const known = expected[name]
    if (known) compareAnswers(`${name} of ${page.place.name} at ${head}`, answer, known)
    else if (isCalm)
      throw new Error(`in the calm, an update of a document waits for another on ${page.place.name}`)
  }
  return true
}

type Answer = readonly unknown[]

/** Throws with what is in one answer only. */
function compareAnswers(what: string, found: Answer, expected: Answer): void {
  const spell = (answer: Answer): readonly string[] => answer.map((item) => JSON.stringify(inOrder(item)))
  const [ours, theirs] = [spell(found), spell(expected)]
  if (ours.join() === theirs.join()) return
  const at = ours.findIndex((item, i) => item !== theirs[i])
  throw new Error(`${what} is wrong: ${ours[at]} instead of ${theirs[at]} at place ${at} of ${theirs.length}`)
}

/** Members in the order of their names, which is no part of an answer. */
function inOrder(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item
  return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function askAll(
  db: Database,
  author: string | undefined,
  head: number,
): Promise<Readonly<Record<string, Answer>>> {
  const views = db.views as unknown as TaskViews // the definition is handed over as any definition is
  // A receipt of who writes here now is an offset, for which no commit is looked for; there is none for an empty log. Who
  // writes here comes from the disk: a page's status may still name the one before.
  const atLeast = { replica: author, offset: head, firstSequence: 1, count: 1 } as Receipt
  const how = { ...(head > 0 ? { atLeast } : {}), deadlineMs: PATIENCE_MS / 2 }
  const [rows, byStatus, byOwner, perStatus, perOwner, found] = await Promise.all([
    views.tasks.range('key', how),
    views.tasks.range('byStatus', how),
    views.tasks.range('byOwner', how),
    views.perStatus.range(how),
    views.perOwner.range(how),
    views.texts.search(SOUGHT, { ...how, prefix: false, limit: 1_000 }),
  ])
  const keys = found.hits.map(({ key }) => key).sort()
  return {
    rows,
    byStatus,
    byOwner,
    perStatus,
    perOwner,
    notes: await readNotes(views.notes, how),
    found: keys,
  }
}

async function readNotes(notes: DocumentsView, how: Freshness): Promise<Answer> {
  const ids = await notes.keys(how)
  return Promise.all(ids.map(async (id) => [id, (await notes.text(id, how)) ?? '']))
}
