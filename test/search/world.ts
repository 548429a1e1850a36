// The world that search tests run in: a memory log shared by tabs, a memory base store, a table that is a plain map
// folded from the log by hand, time that moves by itself a millisecond with each look and timers that fire by hand.

import {
  createEventRegistry,
  createMemoryStore,
  defineEvent,
  emptyBatch,
  type Json,
  type Log,
  type Offset,
  openMemoryLog,
  type Random,
  type Scheduler,
  type StandardSchemaV1,
} from '@headwater/log'
import { createMemoryLocks, type Locks } from '../../packages/views/src/locks.ts'
import { search } from '../../packages/views/src/search/define.ts'
import { createSearchView, type SearchIndexView } from '../../packages/views/src/search/view.ts'
import type { BaseStore } from '../../packages/views/src/state/base-store.ts'
import { createMemoryBases, type MemoryBases } from '../../packages/views/src/state/memory-base-store.ts'
import { table } from '../../packages/views/src/table/define.ts'
import type { TableReader } from '../../packages/views/src/table/reader.ts'
import { nextTask } from '../next-task.ts'
import { createMapTable, type MapTable } from './map-table.ts'

export interface Doc {
  readonly title: string
  readonly body?: string | null
  readonly tags?: readonly string[]
  readonly status?: string
  readonly points?: number
}

function takesAll<Data>(): StandardSchemaV1<Data, Data> {
  return { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as Data }) } }
}

export const RowPut = defineEvent('row.put', {
  schema: takesAll<{ readonly key: string; readonly row: Json }>(),
  key: (data) => data.key,
})
export const RowGone = defineEvent('row.gone', {
  schema: takesAll<{ readonly key: string }>(),
  key: (data) => data.key,
})

const docs = table<Doc>('docs').on(RowPut, (_row, { data }) => data.row as unknown as Doc)
export const FIELDS: { readonly title: number; readonly body: number; readonly tags: number } = {
  title: 2,
  body: 1,
  tags: 1.5,
}
export const definition = search('docSearch', docs, { fields: FIELDS })
export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS)

/** Timers that fire by hand, and a monotonic clock that moves with each look, so that slices end often. */
export interface HandScheduler extends Scheduler {
  /** The most time that passed between two turns of the event loop. */
  longestSliceMs: number
  /** Lets timers come due. */
  advance(ms: number): void
}

export function createHandScheduler(msPerLook = 1): HandScheduler {
  let now = 0
  let turnedAt = 0
  let timers: { readonly at: number; readonly run: () => void }[] = []
  const scheduler: HandScheduler = {
    longestSliceMs: 0,
    elapsedMs: () => {
      now += msPerLook
      scheduler.longestSliceMs = Math.max(scheduler.longestSliceMs, now - turnedAt)
      return now
    },
    nextTurn: async () => {
      await nextTask()
      turnedAt = now
    },
    after(delayMs, run) {
      const timer = { at: now + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance(ms) {
      now += ms
      turnedAt = now
      const due = timers.filter(({ at }) => at <= now)
      timers = timers.filter(({ at }) => at > now)
      for (const { run } of due) run()
    },
  }
  return scheduler
}

/** For tests that run many worlds, on machines that are busy. */
export const PATIENT: { readonly timeout: number } = { timeout: 60_000 }

/** One tab: a log handle, a table, a search view. */
export interface Tab {
  readonly log: Log
  readonly table: MapTable
  readonly view: SearchIndexView
  readonly scheduler: HandScheduler
  /** Lets the table take what the log holds, and the index what the table has. */
  follow(): Promise<void>
  search(
    text: string,
    options?: Json,
  ): Promise<{ readonly hits: readonly FoundHit[]; readonly total: number }>
  keys(text: string, options?: Json): Promise<readonly string[]>
  suggest(
    text: string,
    options?: Json,
  ): Promise<readonly { readonly suggestion: string; readonly score: number }[]>
  /** Ends it as a crash would: nothing is awaited. */
  crash(): void
}

export interface FoundHit {
  readonly key: string
  readonly row: Doc
  readonly score: number
  readonly terms: readonly string[]
  readonly snippets: Readonly<Record<string, readonly { readonly text: string; readonly match: boolean }[]>>
}

export interface TabOptions {
  readonly store?: BaseStore
  readonly fingerprint?: string
  readonly generation?: number
  readonly scheduler?: HandScheduler
  /** The table starts no further than here. */
  readonly tableUpTo?: Offset
  /** What the index follows instead of the table alone. */
  readonly joined?: (table: TableReader) => TableReader
  /** Other locks than those that the tabs share. */
  readonly locks?: Locks
}

/** What tabs share. */
export interface World {
  readonly bases: MemoryBases
  readonly locks: Locks
  readonly writer: Log
  put(key: string, row: Doc | Json): Promise<void>
  putAll(rows: Readonly<Record<string, Doc | Json>>): Promise<void>
  remove(key: string): Promise<void>
  openTab(options?: TabOptions): Promise<Tab>
  /** A handle on the base store that looks into it. */
  readonly store: BaseStore
}

export function createWorld(): World {
  const random = countingRandom()
  const logStore = createMemoryStore(random)
  const clock = { now: () => 1_750_000_000_000 }
  const openLog = (): Log =>
    openMemoryLog(logStore, { events: createEventRegistry([RowPut, RowGone]), clock, random })
  const writer = openLog()
  const bases = createMemoryBases()
  const locks = createMemoryLocks()
  return {
    bases,
    locks,
    writer,
    store: bases.open(),
    async put(key, row) {
      await writer.append([RowPut({ key, row: row as Json })])
    },
    async putAll(rows) {
      const drafts = Object.entries(rows).map(([key, row]) => RowPut({ key, row: row as Json }))
      for (let at = 0; at < drafts.length; at += 500) await writer.append(drafts.slice(at, at + 500))
    },
    async remove(key) {
      await writer.append([RowGone({ key })])
    },
    async openTab(options = {}) {
      const log = openLog()
      const scheduler = options.scheduler ?? createHandScheduler()
      const docTable = createMapTable(log, options.generation ?? 1)
      const view = createSearchView(definition, {
        log,
        table: options.joined?.(docTable) ?? docTable,
        store: options.store ?? bases.open(),
        locks: options.locks ?? locks,
        lockScope: 'test',
        clock,
        scheduler,
        fingerprint: options.fingerprint ?? 'docs:1',
      })
      await docTable.follow(options.tableUpTo)
      await view.restore()
      return createTab(log, docTable, view, scheduler)
    },
  }
}

/** As often as the dispatcher would have to feed a view that gets nowhere, in the time that a test has. */
const MOST_FEEDS = 100

function createTab(log: Log, docTable: MapTable, view: SearchIndexView, scheduler: HandScheduler): Tab {
  const ask = async (method: string, args: readonly Json[]): Promise<unknown> =>
    (await view.answer({ view: view.name, method, args })).value
  const tab: Tab = {
    log,
    table: docTable,
    view,
    scheduler,
    async follow() {
      await docTable.follow()
      const feed = (): Promise<void> =>
        view.fold(emptyBatch(docTable.position), () => ({
          spent: () => false,
        }))
      for (let tries = 0; tries < MOST_FEEDS; tries++) {
        await drive(scheduler, feed())
        if (view.position >= docTable.position || view.stopped) return
      }
    },
    search: async (text, options = {}) =>
      (await ask('search', [text, options])) as { hits: readonly FoundHit[]; total: number },
    keys: async (text, options = {}) => (await tab.search(text, options)).hits.map(({ key }) => key),
    suggest: async (text, options = {}) =>
      (await ask('suggest', [text, options])) as { suggestion: string; score: number }[],
    crash() {
      void view.close()
      void log.close()
    },
  }
  return tab
}

function countingRandom(): Random {
  let state = 1
  return {
    bytes: (length) =>
      Uint8Array.from({ length }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return state >>> 24
      }),
  }
}

/** Lets turns and timers pass until the work is done; after a while `help` is called, once. */
export async function drive<T>(
  scheduler: HandScheduler,
  work: Promise<T>,
  help: () => Promise<void> = async () => undefined,
): Promise<T> {
  let isDone = false
  const finish = (): void => {
    isDone = true
  }
  work.then(finish, finish)
  for (let turns = 0; !isDone; turns++) {
    await scheduler.nextTurn()
    if (turns > 5) scheduler.advance(10)
    if (turns === 20) await help()
  }
  return work
}

/** Chance for test data: numbers from 0 to below 1, from a seed (mulberry32, by T. Ettinger). */
export function createChance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function offset(number: number): Offset {
  return number as Offset
}
