/**
 * The by-hand worker for what needs no page: append commits, read them back, rebuild. Events are made before the clock
 * starts.
 */
import { answerTasks } from '../page/tasks.ts'
import { type StreamKind, takeEvents } from '../stream.ts'
import { MANIFESTS, PAGES } from './pages.ts'
import { type Rebuilt, rebuildByHand } from './rebuild.ts'
import { appendCommit, readSegments, SEGMENTS } from './segments.ts'
import type { State } from './state.ts'
import { deleteStores, openStores } from './storage.ts'

export interface AppendOptions {
  readonly database: string
  readonly seed: number
  readonly events: number
  readonly commitEvents: number
  /** How many commits may be on their way at once. */
  readonly inFlight: number
  readonly kind?: StreamKind
}

async function append(options: AppendOptions): Promise<{ ms: number }> {
  const events = takeEvents(options.seed, options.events, options.kind ?? 'mixed')
  const db = await openStores(options.database, [SEGMENTS])
  const onTheWay: Promise<void>[] = []
  const start = performance.now()
  for (let head = 0; head < events.length; head += options.commitEvents) {
    onTheWay.push(appendCommit(db, head, events.slice(head, head + options.commitEvents)))
    if (onTheWay.length >= options.inFlight) await onTheWay.shift()
  }
  await Promise.all(onTheWay)
  const ms = performance.now() - start
  db.close()
  return { ms }
}

async function read({ database }: { readonly database: string }): Promise<{ ms: number; sum: number }> {
  const start = performance.now()
  const db = await openStores(database, [SEGMENTS])
  let sum = 0
  await readSegments(db, (events) => {
    for (const event of events) sum += event.data.at % 1_000
  })
  const ms = performance.now() - start
  db.close()
  return { ms, sum }
}

export interface RebuildOptions {
  readonly database: string
  /** Where the pages go. */
  readonly pages: string
}

/** Held, so that it counts as the worker's memory. */
const kept: State[] = []

async function rebuild(options: RebuildOptions): Promise<Omit<Rebuilt, 'state'>> {
  const { database, pages: pagesName } = options
  await deleteStores(pagesName)
  const bases = await openStores(pagesName, [PAGES, MANIFESTS])
  const log = await openStores(database, [SEGMENTS])
  const rebuilt = await rebuildByHand(log, bases)
  log.close()
  bases.close()
  const { state, ...measured } = rebuilt
  kept.push(state)
  return measured
}

answerTasks({ append, read, rebuild })
