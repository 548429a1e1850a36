/**
 * Fills a database through its own appends, waits until everything is folded and stored, and closes it: what the
 * figures that open again start from.
 */
import type { Database, DatabaseStatus, SearchView } from 'headwater'
import { createStream, type StreamKind } from '../stream.ts'
import { type DefinitionName, openNamed } from './open-database.ts'

export interface FillOptions {
  readonly definition: DefinitionName
  readonly seed: number
  readonly events: number
  readonly kind: StreamKind
}

const COMMIT_EVENTS = 1_000
const QUIET_LIMIT_MS = 600_000
/** A search dump may lag by a tenth of the documents. */
const SEARCH_STORED = 0.85

export async function fill({
  definition,
  seed,
  events,
  kind,
}: FillOptions): Promise<{ ms: number; quietMs: number }> {
  const start = performance.now()
  const db = await openNamed(definition)
  await wakeSearch(db)
  const stream = createStream(seed, kind)
  for (let appended = 0; appended < events; appended += COMMIT_EVENTS) {
    const count = Math.min(COMMIT_EVENTS, events - appended)
    await db.append(Array.from({ length: count }, () => stream.next()))
  }
  await db.settled({ deadlineMs: QUIET_LIMIT_MS })
  const ms = performance.now() - start
  await stored(db)
  const quietMs = performance.now() - start
  await db.close()
  return { ms, quietMs }
}

/** A search index is built once somebody has searched: a search of nothing makes it follow. */
export async function wakeSearch(db: Database): Promise<void> {
  for (const view of Object.values<unknown>(db.views)) if (isSearch(view)) await view.search('nothing')
}

function isSearch(view: unknown): view is SearchView<unknown> {
  return typeof view === 'object' && view !== null && 'search' in view
}

/** Resolves when every view's base holds (nearly) the whole log. */
export async function stored(db: Database): Promise<void> {
  const start = performance.now()
  while (!isStored(db.status.get())) {
    if (performance.now() - start > QUIET_LIMIT_MS) throw new Error(JSON.stringify(db.status.get().views))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function isStored({ log, views }: DatabaseStatus): boolean {
  return views.every(({ kind, checkpoint }) =>
    kind === 'search' ? checkpoint >= log.head * SEARCH_STORED : checkpoint === log.head,
  )
}
