/**
 * The watched queries of one tab: each is answered once, remembers the intervals of keys that its answer was read from,
 * and is answered again only when a fold touched one of them. Changes of one turn are one evaluation; an answer that
 * came out equal is not reported (D3); of one that differs only the difference is.
 *
 * Evaluations rest for as long as they took, so that live queries never take more than half of the worker's time while
 * a long run is folded, and yield every few milliseconds, so that other queries are answered in between.
 */
import { errorToData, isHeadwaterError, type Scheduler } from '@headwater/log'
import type { Answer, AnyView, Changes, Dependency, ViewRequest, Views } from '@headwater/views'
import { diffAnswers } from '../patch-diff.ts'
import type { CallId } from '../protocol.ts'
import { isTouched } from './dependencies.ts'
import type { Reporter } from './reporter.ts'

/** What live queries need of the views. */
export type LiveSource = Pick<Views, 'query' | 'answer' | 'onChanges' | 'onStatus' | 'status'>

/** What they are given. */
export interface LiveQueriesOptions {
  readonly views: LiveSource
  readonly definitions: readonly AnyView[]
  readonly scheduler: Scheduler
  readonly reporter: Reporter
}

/** The registry. */
export interface LiveQueries {
  /** Answers `request` and keeps the answer up to date, reporting as `watch`. */
  watch(watch: CallId, request: ViewRequest): void
  unwatch(watch: CallId): void
  close(): void
}

interface Watched {
  readonly id: CallId
  readonly request: ViewRequest
  dependencies: readonly Dependency[]
  /** The answer that the page holds; `revision` 0 means that it holds none. */
  sent: unknown
  revision: number
  /** How the view fared when last reported, as text. */
  fared: string
  running: boolean
  /** Changes that came while an answer was being read. */
  missed: Changes[]
}

const SLICE_MS = 8
const MISSED_CHANGES_KEPT = 100

/** Live queries over `views`. */
export function createLiveQueries({
  views,
  definitions,
  scheduler,
  reporter,
}: LiveQueriesOptions): LiveQueries {
  const watched = new Map<CallId, Watched>()
  const dirty = new Set<Watched>()
  const fares = createFares(views)
  let flushing = false
  let closed = false

  const markDirty = (watch: Watched): void => {
    dirty.add(watch)
    if (!flushing) void flush()
  }
  const flush = async (): Promise<void> => {
    flushing = true
    await scheduler.nextTurn()
    let start = scheduler.elapsedMs()
    for (const watch of dirty) {
      if (closed) break
      dirty.delete(watch)
      evaluate(watch)
      if (scheduler.elapsedMs() - start < SLICE_MS) continue
      await scheduler.nextTurn()
      start = scheduler.elapsedMs()
    }
    await rest(scheduler, scheduler.elapsedMs() - start)
    flushing = false
    if (dirty.size > 0 && !closed) void flush()
  }
  const evaluate = (watch: Watched): void => {
    if (watch.running || !watched.has(watch.id)) return
    watch.running = true
    watch.missed = []
    ask(views, watch).then(
      (answer) => settle(watch, answer),
      (error: unknown) => fail(watch, error),
    )
  }
  const settle = (watch: Watched, answer: Answer): void => {
    watch.running = false
    if (!watched.has(watch.id)) return
    watch.dependencies = answer.dependencies
    deliver(watch, answer.value)
    const late = watch.missed.filter((changes) => changes.position > answer.position)
    const tooMany = watch.missed.length >= MISSED_CHANGES_KEPT
    watch.missed = []
    if (tooMany || late.some((changes) => isTouched(answer.dependencies, changes))) markDirty(watch)
  }
  const deliver = (watch: Watched, value: unknown): void => {
    const { stale, error, text } = fares.of(watch.request.view)
    const patch = watch.revision === 0 ? ({ type: 'value', value } as const) : diffAnswers(watch.sent, value)
    if (patch === undefined && watch.fared === text) return
    if (patch !== undefined) watch.sent = value
    watch.fared = text
    watch.revision++
    reporter.report({ type: 'answer', watch: watch.id, revision: watch.revision, patch, stale, error })
  }
  const fail = (watch: Watched, error: unknown): void => {
    watch.running = false
    if (!watched.has(watch.id)) return
    // A view that is rebuilt without an old base keeps the page loading: `query` has waited its time and waits again.
    if (isHeadwaterError(error, 'VIEW_REBUILDING')) {
      markDirty(watch)
      return
    }
    watch.revision = 0
    watch.sent = undefined
    const data = errorToData(error)
    if (watch.fared === data.code) return
    watch.fared = data.code
    reporter.report({ type: 'answerFailed', watch: watch.id, error: data })
  }
  const groups = new Map(definitions.map((view) => [view.name, groupOf(view)]))
  const notice = (changes: Changes): void => {
    for (const watch of watched.values()) {
      const { view } = watch.request
      if (changes.view !== view && changes.view !== groups.get(view)) continue
      if (watch.running) remember(watch, changes)
      else if (isTouched(watch.dependencies, changes)) markDirty(watch)
    }
  }
  const offChanges = views.onChanges(notice)
  const offStatus = views.onStatus(() => {
    const changed = fares.refresh()
    if (changed.size === 0) return
    for (const watch of watched.values()) if (changed.has(watch.request.view)) markDirty(watch)
  })
  return {
    watch: (id, request) => {
      const watch = createWatched(id, request)
      watched.set(id, watch)
      evaluate(watch)
    },
    unwatch: (id) => {
      const watch = watched.get(id)
      if (watch) dirty.delete(watch)
      watched.delete(id)
    },
    close: () => {
      closed = true
      watched.clear()
      dirty.clear()
      offChanges()
      offStatus()
    },
  }
}

function createWatched(id: CallId, request: ViewRequest): Watched {
  return {
    id,
    request,
    dependencies: [],
    sent: undefined,
    revision: 0,
    fared: '',
    running: false,
    missed: [],
  }
}

/** The first answer waits for the head found at opening, as any query does; later ones come from where the view is. */
async function ask(views: LiveSource, watch: Watched): Promise<Answer> {
  return watch.revision === 0 ? views.query(watch.request) : views.answer(watch.request)
}

function remember(watch: Watched, changes: Changes): void {
  if (watch.missed.length < MISSED_CHANGES_KEPT) watch.missed.push(changes)
}

/** The name under which a view's changes come: a table's aggregates are folded with it. */
function groupOf(view: AnyView): string {
  return view.kind === 'aggregate' ? view.table.name : view.name
}

function rest(scheduler: Scheduler, tookMs: number): Promise<void> {
  if (tookMs < 1) return Promise.resolve()
  return new Promise((resolve) => {
    scheduler.after(tookMs, resolve)
  })
}

/** How a view fares, as far as its live answers show it. */
interface Fare {
  readonly stale: boolean
  readonly error: ReturnType<typeof errorToData> | undefined
  readonly text: string
}

interface Fares {
  of(view: string): Fare
  /** Reads the status again; the views that fare differently now. */
  refresh(): ReadonlySet<string>
}

function createFares(views: LiveSource): Fares {
  let known = readFares(views)
  const refresh = (): ReadonlySet<string> => {
    const before = known
    known = readFares(views)
    return new Set(
      [...known].filter(([view, fare]) => fare.text !== before.get(view)?.text).map(([view]) => view),
    )
  }
  return {
    of: (view) => known.get(view) ?? FINE,
    refresh,
  }
}

const FINE: Fare = { stale: false, error: undefined, text: 'fine' }

function readFares(views: LiveSource): ReadonlyMap<string, Fare> {
  return new Map(
    views.status().map(({ name, state, error }) => {
      const stale = state === 'stale' || state === 'parked' || state === 'rebuilding'
      return [name, stale ? { stale, error, text: `${state} ${error?.message ?? ''}` } : FINE]
    }),
  )
}
