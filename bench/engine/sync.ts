/**
 * Databases that take 100,000 events: from a hub, and from a file. Both clocks run from `openDatabase` until every event is
 * stored and folded.
 */
import { type Database, hub, openDatabase } from 'headwater'
import { createStream } from '../stream.ts'
import { tracker } from './model.ts'

export interface SyncFigureOptions {
  readonly url: string
  readonly workspace: string
  readonly seed: number
  readonly events: number
}

const COMMIT_EVENTS = 1_000
const LIMIT_MS = 300_000

const worker = (): Worker =>
  new Worker(new URL('./tracker-worker.ts', import.meta.url), { type: 'module', name: 'engine' })

function openSynced({ url, workspace }: SyncFigureOptions): Promise<Database<typeof tracker>> {
  return openDatabase(tracker, { worker, sync: hub({ url, workspace }) })
}

/** The first device: appends, until the hub has all of it. */
export async function fillHub(options: SyncFigureOptions): Promise<void> {
  const db = await openSynced(options)
  await appendAll(db, options)
  const last = await db.append(createStream(options.seed + 1, 'mixed').next())
  await db.sync?.reached(last, 'hub', { deadlineMs: LIMIT_MS })
  await db.close()
}

/** A fresh device. It stays open until its page is closed, so that its worker can still be asked for its profile. */
export async function receive(options: SyncFigureOptions): Promise<{ ms: number }> {
  const start = performance.now()
  const db = await openSynced(options)
  await headAt(db, options.events + 1)
  await db.settled({ deadlineMs: LIMIT_MS })
  return { ms: performance.now() - start }
}

/** The same events from a file, into a database that does not sync. */
export async function importFile(options: SyncFigureOptions): Promise<{ ms: number }> {
  const source = await openDatabase(tracker, { worker, name: 'source' })
  await appendAll(source, options)
  const parts: string[] = []
  const reader = source.exportEvents().getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value)
  const file = new Blob(parts)
  await source.destroy()
  const start = performance.now()
  const db = await openDatabase(tracker, { worker })
  const { imported } = await db.importEvents(file)
  await db.settled({ deadlineMs: LIMIT_MS })
  const ms = performance.now() - start
  if (imported !== options.events) throw new Error(`${imported} events were imported`)
  await db.close()
  return { ms }
}

async function appendAll(db: Database<typeof tracker>, { seed, events }: SyncFigureOptions): Promise<void> {
  const stream = createStream(seed, 'mixed')
  for (let appended = 0; appended < events; appended += COMMIT_EVENTS)
    await db.append(Array.from({ length: COMMIT_EVENTS }, () => stream.next()))
}

function headAt(db: Database<typeof tracker>, head: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (db.status.get().log.head < head) return
      stop()
      resolve()
    }
    const stop = db.status.subscribe(look)
    look()
  })
}
