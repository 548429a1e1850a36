// The world of the view tests: a small model whose folds care about order, logs in memory that tabs share and replicas
// exchange, one store of bases, real turns of the event loop. Everything is made anew for each test.

import {
  createEventRegistry,
  createMemoryStore,
  type Draft,
  defineEvent,
  type EventType,
  type Log,
  type MemoryStore,
  ORIGIN,
  openMemoryLog,
  type Random,
  type Receipt,
  type Scheduler,
  type StoredEvent,
} from '@headwater/log'
import {
  type AggregateDefinition,
  type AnyView,
  aggregate,
  average,
  type BaseStore,
  count,
  countDistinct,
  createMemoryBaseStore,
  createMemoryLocks,
  createViews,
  day,
  type Locks,
  max,
  min,
  quantile,
  sum,
  type TableDefinition,
  table,
  type ViewStatus,
  type Views,
  type ViewsBounds,
} from '@headwater/views'
import * as v from 'valibot'
import { createRandom } from '../log/world.ts'
import { scheduler } from '../state/world.ts'

export { scheduler }

export const Opened = defineEvent('opened', {
  schema: v.object({ id: v.string(), points: v.number(), owner: v.optional(v.string()) }),
  key: (data) => data.id,
})
export const Doubled = defineEvent('doubled', {
  schema: v.object({ id: v.string() }),
  key: (data) => data.id,
})
export const Adjusted = defineEvent('adjusted', {
  schema: v.object({ id: v.string(), points: v.number() }),
  key: (data) => data.id,
})
export const Closed = defineEvent('closed', { schema: v.object({ id: v.string() }), key: (data) => data.id })
export const Deleted = defineEvent('deleted', {
  schema: v.object({ id: v.string() }),
  key: (data) => data.id,
})
/** Concerns two rows. */
export const Moved = defineEvent('moved', {
  schema: v.object({ from: v.string(), to: v.string(), points: v.number() }),
})
/** Folded by no view. */
export const Seen = defineEvent('seen', { schema: v.object({ id: v.string() }) })

export const events: readonly EventType[] = [Opened, Doubled, Adjusted, Closed, Deleted, Moved, Seen]

export interface Item {
  readonly id: string
  readonly points: number
  readonly owner?: string | undefined
  readonly status: 'open' | 'closed'
  readonly at: number
  readonly steps: readonly string[]
}

type ItemFold = (row: Item | undefined, event: StoredEvent<never>, key: string) => Item | undefined

/** The folds, by event type, for the table and for its naive twin. */
export const folds = {
  opened: (
    row: Item | undefined,
    { data, time }: StoredEvent<{ id: string; points: number; owner?: string | undefined }>,
  ) => ({
    ...data,
    status: 'open' as const,
    at: time,
    steps: [...(row?.steps ?? []), 'opened'],
  }),
  doubled: (row: Item | undefined) => row && stepped(row, 'doubled', { points: row.points * 2 }),
  adjusted: (row: Item | undefined, { data }: StoredEvent<{ points: number }>) =>
    row && stepped(row, 'adjusted', { points: data.points }),
  closed: (row: Item | undefined) => row && stepped(row, 'closed', { status: 'closed' }),
  deleted: () => undefined,
  moved: (
    row: Item | undefined,
    { data }: StoredEvent<{ from: string; to: string; points: number }>,
    key: string,
  ) => row && stepped(row, 'moved', { points: row.points + (key === data.to ? data.points : -data.points) }),
} satisfies Record<string, ItemFold>

function stepped(row: Item, step: string, changed: Partial<Item>): Item {
  return { ...row, ...changed, steps: [...row.steps, step].slice(-4) }
}

export const movedKeys = ({ from, to }: { from: string; to: string }): readonly string[] => [from, to]

export function itemsTable(name = 'items', version = 1): TableDefinition<string, Item> {
  return table<Item>(name, { version })
    .on(Opened, folds.opened)
    .on(Doubled, folds.doubled)
    .on(Adjusted, folds.adjusted)
    .on(Closed, folds.closed)
    .on(Deleted, folds.deleted)
    .on(Moved, folds.moved, { key: movedKeys })
    .index('byStatus', byStatus)
    .index('byOwner', byOwner)
    .indexEach('byStep', bySteps)
}

export const byStatus = (row: Item): readonly [string, number] => [row.status, row.points]
export const byOwner = (row: Item): readonly [string] | undefined =>
  row.owner === undefined ? undefined : [row.owner]

/** A step may be there twice, under one tuple. */
export const bySteps = (row: Item): readonly (readonly [string, string])[] =>
  row.steps.map((step) => [step, row.status])

export const items = itemsTable()
export const measures = {
  items: count(),
  points: sum((row: Item) => row.points),
  mean: average((row: Item) => row.points),
  least: min((row: Item) => row.points),
  most: max((row: Item) => row.points),
  owners: countDistinct((row: Item) => row.owner),
  median: quantile((row: Item) => row.points, 0.5),
}
export const perStatus: AggregateDefinition = aggregate('perStatus', items, {
  groupBy: (row) => row.status,
  measures,
})
export const perOwnerAndDay: AggregateDefinition = aggregate('perOwnerAndDay', items, {
  groupBy: (row) => (row.owner === undefined ? undefined : [row.owner, day(row.at)]),
  measures: { items: count(), points: sum((row) => row.points) },
})
export const everything: readonly AnyView[] = [items, perStatus, perOwnerAndDay]

/** One profile: a log, a store of bases, locks; tabs are opened on it. */
export interface Profile {
  readonly random: Random
  readonly clock: { ms: number; now(): number }
  readonly logStore: MemoryStore
  readonly store: BaseStore
  readonly locks: Locks
  readonly log: Log
  openLog(): Log
  open(definitions?: readonly AnyView[], options?: TabOptions): Promise<Tab>
  append(...drafts: readonly Draft[]): Promise<Receipt>
}

export interface TabOptions {
  readonly bounds?: Partial<ViewsBounds>
  readonly leads?: boolean
  readonly log?: Log
  readonly scheduler?: Scheduler
  readonly store?: BaseStore
}

/** One tab. */
export interface Tab {
  readonly log: Log
  readonly views: Views
  close(): Promise<void>
}

const openTabs: Tab[] = []

/** Opens a tab that `closeTabs` closes. */
export async function openTab(
  profile: Profile,
  definitions: readonly AnyView[] = everything,
  options: TabOptions = {},
): Promise<Tab> {
  const tab = await profile.open(definitions, options)
  openTabs.push(tab)
  return tab
}

/** For `afterEach`. */
export async function closeTabs(): Promise<void> {
  for (const tab of openTabs.splice(0)) await tab.close()
}

export const START_MS = 1_750_000_000_000

/** What a profile is stored in, when not in memory. */
export interface StoredProfile {
  readonly clock: ReturnType<typeof createClock>
  readonly log: Log
  readonly store: BaseStore
}

/** A wall clock that tests set. */
export function createClock(): { ms: number; now(): number } {
  return {
    ms: START_MS,
    now() {
      return this.ms
    },
  }
}

export function createProfile(seed = 1, types = events, stored?: StoredProfile): Profile {
  const random = createRandom(seed * 7919)
  const clock = stored?.clock ?? createClock()
  const logStore = createMemoryStore(random)
  const registry = createEventRegistry(types)
  const openLog = (): Log => openMemoryLog(logStore, { events: registry, clock, random })
  const store = stored?.store ?? createMemoryBaseStore()
  const locks = createMemoryLocks()
  const log = stored?.log ?? openLog()
  return {
    random,
    clock,
    logStore,
    store,
    locks,
    log,
    openLog,
    async open(definitions = everything, options = {}) {
      const own = options.log ?? openLog()
      const views = createViews({
        log: own,
        definitions,
        store: options.store ?? store,
        locks,
        scheduler: options.scheduler ?? scheduler,
        clock,
        lockScope: 'test',
        ...(options.bounds ? { bounds: options.bounds } : {}),
      })
      await views.start()
      if (options.leads) views.setLeader(true)
      return {
        log: own,
        views,
        async close() {
          await views.close()
          await own.close()
        },
      }
    },
    append: (...drafts) => log.append(drafts),
  }
}

/** Copies every commit of one log that another lacks. */
export async function mergeAll(from: Log, to: Log): Promise<void> {
  const commits: Uint8Array[] = []
  let after = ORIGIN
  for (;;) {
    const batch = await from.readCommits(after)
    if (batch.through === after) break
    commits.push(...batch.commits.map(({ bytes }) => bytes))
    after = batch.through
  }
  await to.merge(commits)
}

/** All events of a log, in the order of offsets. */
export async function allEvents(log: Log): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = []
  await log.refresh()
  for (let after = ORIGIN; ; ) {
    const batch = await log.read(after)
    if (batch.through === after) return found
    found.push(...batch.events)
    after = batch.through
  }
}

/** How a view fares. */
export function statusOf(tab: Tab, name = 'items'): ViewStatus {
  return tab.views.status().find((status) => status.name === name)!
}

/** Asks with the newest of the log. */
export async function ask(
  tab: Tab,
  view: string,
  method: string,
  ...args: readonly unknown[]
): Promise<unknown> {
  const atLeast = await tab.log.refresh()
  return (await tab.views.query({ view, method, args: args as never }, { atLeast, deadlineMs: 30_000 })).value
}
