/**
 * `createViews`: all views of one database in one tab, put together. This file only wires: groups fold (`group/`), the
 * dispatcher feeds them, checkpoints store them, queries wait for them. Nothing is read before `start`.
 */
import { latePart, type Offset } from '@headwater/log'
import { checkDefinitions, type SortedDefinitions } from './check-definitions.ts'
import { createCheckpoints } from './checkpoints.ts'
import { controlsOf } from './controls.ts'
import type { SearchDefinition } from './definition.ts'
import { createSearchSlot, type DerivedSlot } from './derived-views.ts'
import { createBackgroundTurns, createSliceMaker } from './dispatcher-turns.ts'
import { createDocumentsKind, defineDocumentsGroup } from './documents/group.ts'
import { feedGroup } from './fed-view.ts'
import { defineGroup } from './group/definition.ts'
import type { GroupOptions } from './group/unit.ts'
import { createViewGroup, type ViewGroup } from './group/view-group.ts'
import { createListeners } from './listeners.ts'
import { createQueries } from './queries.ts'
import type { JoinedText } from './search/joined.ts'
import { createStoreBehind } from './state/behind-log.ts'
import { createPageCache } from './state/page-cache.ts'
import { createStatusNews } from './status-news.ts'
import { createSweeper } from './sweeper.ts'
import { createConcerns } from './touched.ts'
import type { PastViews, ProgressOptions, Views, ViewsBounds, ViewsOptions } from './views.ts'
import {
  adoptAll,
  closeViews,
  findView,
  type GroupAtWork,
  ignoreRefusal,
  listenToGroups,
  startViews,
  statusOfAll,
  type ViewsAtWork,
} from './views-at-work.ts'
import { createWaits } from './waits.ts'

const MIB = 1_048_576
const DEFAULT_BOUNDS: ViewsBounds = {
  sliceMs: 8,
  cacheBytes: 64 * MIB,
  overlayBytes: 64 * MIB,
  historyEvents: 524_288,
  quietMs: 2_000,
  keptBefore: 2_048,
}

const travelling = latePart('reading the past', () => import('./past/past-views.ts'))

/** The views of a database. Throws `DEFINITION_INVALID` where definitions do not fit together. */
export function createViews(options: ViewsOptions): Views {
  const work = putTogether({ ...options, store: createStoreBehind(options.store, options.log) })
  listenToGroups(work)
  const queries = createQueries({
    log: options.log,
    scheduler: options.scheduler,
    waits: work.waits,
    find: (name) => findView(work, name),
    openingHead: () => work.openingHead,
  })
  return {
    ...queries,
    start: () => startViews(work),
    onChanges: (listener) => work.changes.add(listener),
    status: () => work.news.current(),
    onStatus: (listener) => work.news.listen(listener),
    setLeader: (leads) => work.checkpoints.setLeader(leads),
    noticeCheckpoint: () => adoptAll(work),
    onCheckpoint: (listener) => work.stored.add(listener),
    checkpoint: () => work.checkpoints.storeAll(),
    ...controlsOf(work),
    touched: work.concerns.touched,
    past: (offset, progress = {}) => openPast(work, offset, progress),
    close: () => closeViews(work),
  }
}

function putTogether(options: ViewsOptions): ViewsAtWork {
  const { scheduler } = options
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds }
  const failed = (error: unknown): void => ignoreRefusal(work, error)
  let head: Promise<Offset> | undefined
  const headKnown = (): Promise<Offset> => {
    head ??= options.log.refresh()
    return head
  }
  const sorted = checkDefinitions(options.definitions)
  const concerns = createConcerns(options.definitions)
  const { keysOf } = concerns
  const { groups, derived } = makeGroups({ ...options, headKnown, keysOf, failed }, bounds, sorted)
  const inUse = new Set([
    ...groups.map((each) => each.options.definition.lineage),
    ...derived.map(({ lineage }) => lineage),
  ])
  const sweeper = createSweeper({ ...options, inUse }, scheduler, failed)
  const work: ViewsAtWork = {
    options,
    bounds,
    headKnown,
    concerns,
    groups,
    derived,
    waits: createWaits(scheduler),
    news: createStatusNews(() => statusOfAll(work), scheduler),
    checkpoints: createCheckpoints({ scheduler, bounds, failed, idle: () => sweeper.rest() }),
    sweeper,
    changes: createListeners(),
    stored: createListeners(),
    refused: new Map(),
    past: undefined,
    dispatcher: undefined,
    openingHead: undefined,
    ended: undefined,
  }
  return work
}

interface Made {
  readonly groups: readonly GroupAtWork[]
  readonly derived: readonly DerivedSlot[]
}

function makeGroups(
  options: ViewsOptions & Pick<GroupOptions, 'headKnown' | 'keysOf' | 'failed'>,
  bounds: ViewsBounds,
  { tables, aggregates, searches, documents }: SortedDefinitions,
): Made {
  const { log, scheduler } = options
  const derived: DerivedSlot[] = []
  const given: Omit<GroupOptions, 'definition'> = {
    ...options,
    head: () => log.head,
    cache: createPageCache(bounds.cacheBytes),
    slice: createSliceMaker(scheduler, bounds.sliceMs),
    backgroundTurn: createBackgroundTurns(scheduler),
    overlayBytes: bounds.overlayBytes,
    historyEvents: bounds.historyEvents,
  }
  const follow = (group: ViewGroup, groupOptions: GroupOptions): GroupAtWork => {
    const views = (): ReturnType<Parameters<typeof feedGroup>[1]> =>
      derived.flatMap((slot) => (slot.groups.includes(group) ? (slot.view() ?? []) : []))
    return { group, options: groupOptions, fed: feedGroup(group, views, given.slice) }
  }
  const documentGroups = documents.map((definition): GroupAtWork => {
    const kind = createDocumentsKind(definition, options.watch)
    const groupOptions = { ...given, definition: defineDocumentsGroup(definition, log.build), kind }
    return follow(createViewGroup(groupOptions), groupOptions)
  })
  const textsOf = (search: SearchDefinition): readonly JoinedText[] =>
    Object.entries(search.documents).flatMap(([field, { name }]) =>
      documentGroups.flatMap(({ group }) => (group.name === name ? [{ field, documents: group }] : [])),
    )
  const groups = tables.map((table): GroupAtWork => {
    const own = aggregates.filter((aggregate) => aggregate.table === table)
    const groupOptions = { ...given, definition: defineGroup(table, own, options.log.build) }
    const group = createViewGroup(groupOptions)
    const searchesOf = searches.filter((search) => search.table === table)
    derived.push(
      ...searchesOf.map((search) => createSearchSlot(search, group, groupOptions, textsOf(search))),
    )
    return follow(group, groupOptions)
  })
  return { groups: [...groups, ...documentGroups], derived }
}

async function openPast(work: ViewsAtWork, offset: Offset, progress: ProgressOptions): Promise<PastViews> {
  const { createPast } = await travelling()
  if (work.ended) throw work.ended
  const tables = work.groups.flatMap(({ options }) => (options.kind ? [] : options))
  work.past ??= createPast(tables, { ...work.options, ...work.bounds })
  return work.past.open(offset, progress)
}
