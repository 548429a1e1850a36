// The world of the tests of syncing: databases in this process, each with its own engine, over the real hub and real sockets
// or a channel; several "tabs" share one stored log. Tabs can be frozen.

import { createServer } from 'node:http'
import {
  attachHub,
  createMemoryHubStore,
  type HubOptions,
  type HubStore,
  nodePlatform as hubPlatform,
  type MemoryBackup,
  type MemoryHubStore,
} from '@headwater/hub'
import {
  aggregate,
  count,
  defineDatabase,
  type OpenOptions,
  openDatabase,
  type Platform,
  type SyncedDatabase,
  type SyncSpec,
  type SyncState,
  sum,
} from 'headwater'
import { document, documents } from 'headwater/documents'
import { search } from 'headwater/search'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import { STAMP_KEY } from '../contract/hub-store.contract.ts'
import { Closed, Deleted, drawName, issues, Noted, Opened } from '../database/world.ts'
import { type RunningHub, startHub } from '../hub/running-hub.ts'

export const points = aggregate('points', issues, {
  groupBy: (row) => row.status,
  measures: { issues: count(), points: sum((row) => row.points) },
})
export const notes = documents('notes')
export const titles = search('titles', issues, { fields: { title: 2, body: document(notes) } })
export const tracker = defineDatabase({
  name: 'tracker',
  events: [Opened, Closed, Deleted, Noted],
  views: { issues, points, titles, notes },
})
export type Tracker = SyncedDatabase<typeof tracker>

/** Node 20 has no WebSocket of its own. */
export function nodePlatform(): Platform {
  return { ...createPlatform(), openSocket: (url) => new WebSocket(url) }
}

/** A platform whose timers, messages and sockets stand still while it is frozen. */
export function freezablePlatform(): Platform & { freeze(): void; thaw(): void } {
  const real = nodePlatform()
  let held: (() => void)[] | undefined
  const awake = (run: () => void): void => void (held ? held.push(run) : run())
  return {
    ...real,
    scheduler: {
      ...real.scheduler,
      after: (delayMs, run) => real.scheduler.after(delayMs, () => awake(run)),
    },
    openChannel: (name, listener) => {
      const channel = real.openChannel(name, (message) => awake(() => listener(message)))
      return { ...channel, post: (message) => awake(() => channel.post(message)) }
    },
    freeze: () => {
      held ??= []
    },
    thaw: () => {
      const runs = held ?? []
      held = undefined
      for (const run of runs) run()
    },
  }
}

const opened: { close(): Promise<void> }[] = []
const hubs: RunningHub[] = []

/** Opens a database that `closeAll` closes: in memory, unless it is told the name of a stored one. */
export async function open(sync: SyncSpec, options: OpenOptions = {}): Promise<Tracker> {
  const stored = options.name === undefined ? ({ storage: 'memory', name: drawName() } as const) : {}
  const db = await openDatabase(tracker, { platform: nodePlatform(), ...stored, ...options, sync })
  opened.push(db)
  return db
}

export async function start(options: Parameters<typeof startHub>[0] = {}): Promise<RunningHub> {
  const hub = await startHub(options)
  hubs.push(hub)
  return hub
}

export function memoryStore(from?: MemoryBackup): MemoryHubStore {
  return createMemoryHubStore({ stampKey: STAMP_KEY }, hubPlatform.random, from)
}

/** Starts a hub where another one was. */
export async function startAt(
  before: RunningHub,
  store: HubStore,
  options: Pick<HubOptions, 'authenticate'> = {},
): Promise<void> {
  const server = createServer()
  const attached = await attachHub(server, { store, ...options })
  await new Promise<void>(
    (resolve) => void server.listen(Number(new URL(before.http).port), '127.0.0.1', resolve),
  )
  const close = async (): Promise<void> => {
    await attached.close()
    server.closeAllConnections()
    server.close()
  }
  hubs.push({ ...before, hub: attached, server, store, close })
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((db) => db.close()))
  await Promise.all(hubs.splice(0).map((hub) => hub.close()))
}

/** Waits for a state. */
export function becomes(db: Tracker, state: SyncState): Promise<void> {
  return eventually(
    () => db.sync.get().state,
    (now) => expect(now).toBe(state),
  )
}

export async function eventually<T>(look: () => T | Promise<T>, check: (value: T) => void): Promise<void> {
  await expect
    .poll(
      async () => {
        try {
          check(await look())
          return 'as expected'
        } catch (error) {
          return error instanceof Error ? error.message : String(error)
        }
      },
      { interval: 10 },
    )
    .toBe('as expected')
}

/** What a database shows: rows, counts, search. */
export async function shownBy(db: Tracker): Promise<unknown> {
  await db.settled()
  const { issues, points, titles, notes } = db.views
  const ids = await notes.keys()
  const [rows, numbers, found, texts] = await Promise.all([
    issues.range('key'),
    points.range(),
    titles.search('issue', { limit: 100 }),
    Promise.all(ids.map((id) => notes.text(id))),
  ])
  return { texts, rows, numbers, found: found.hits.map(({ key, score }) => [key, score]) }
}
