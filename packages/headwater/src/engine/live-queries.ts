/**
 * The watched queries of one tab: each is answered once, remembers the intervals of keys that its answer was read from,
 * and is answered again only when a fold touched one of them, at most once a turn. What is reported of it is decided in
 * `watched.ts`.
 */
import type { Scheduler } from '@headwater/log'
import type { AnyView, Changes, ViewRequest, Views } from '@headwater/views'
import type { CallId } from '../protocol.ts'
import { createDirty } from './dirty.ts'
import { createFares } from './fares.ts'
import type { Reporter } from './reporter.ts'
import { createWatched, type Outcome, takeChanges, takeOutcome, type Watched } from './watched.ts'

/** What live queries need of the views. */
export type LiveSource = Pick<Views, 'query' | 'answer' | 'onChanges' | 'onStatus' | 'status'>

/** What they are given. */
export interface LiveQueriesOptions {
  readonly views: LiveSource
  readonly definitions: readonly AnyView[]
  readonly scheduler: Scheduler
  readonly reporter: Pick<Reporter, 'report'>
}

/** The registry. */
export interface LiveQueries {
  /** Answers `request` and keeps the answer up to date, reporting as `watch`. */
  readonly watch: (watch: CallId, request: ViewRequest) => void
  readonly unwatch: (watch: CallId) => void
  readonly close: () => void
}

/** What failed for a reason that passes by itself is asked again after this time. */
const RETRY_MS = 1_000

/** Live queries over `views`. */
export function createLiveQueries({
  views,
  definitions,
  scheduler,
  reporter,
}: LiveQueriesOptions): LiveQueries {
  const watched = new Map<CallId, Watched>()
  const fares = createFares(views)
  const groups = new Map(definitions.map((view) => [view.name, groupOf(view)]))

  const evaluate = async (watch: Watched): Promise<void> => {
    if (watch.running || !watched.has(watch.id)) return
    const outcome = await answerOnce(views, watch)
    if (!watched.has(watch.id)) return
    const { report, again } = takeOutcome(watch, outcome, fares.of(watch.request.view))
    if (report) reporter.report(report)
    if (again === 'later') scheduler.after(RETRY_MS, () => dirty.mark(watch))
    else if (again) dirty.mark(watch)
  }
  const dirty = createDirty<Watched>(scheduler, (watch) => void evaluate(watch))
  const notice = (changes: Changes): void => {
    for (const watch of watched.values()) {
      const { view } = watch.request
      const concerns = changes.view === view || changes.view === groups.get(view)
      if (concerns && takeChanges(watch, changes)) dirty.mark(watch)
    }
  }
  const offChanges = views.onChanges(notice)
  const offStatus = views.onStatus(() => {
    const changed = fares.refresh()
    for (const watch of watched.values()) if (changed.has(watch.request.view)) dirty.mark(watch)
  })
  return {
    watch: (id, request) => {
      const watch = createWatched(id, request)
      watched.set(id, watch)
      void evaluate(watch)
    },
    unwatch: (id) => {
      const watch = watched.get(id)
      if (watch) dirty.drop(watch)
      watched.delete(id)
    },
    close: () => {
      watched.clear()
      dirty.close()
      offChanges()
      offStatus()
    },
  }
}

/** The first answer waits for the head found at opening, as any query does; later ones come from where the view is. */
async function answerOnce(views: LiveSource, watch: Watched): Promise<Outcome> {
  watch.running = true
  watch.missed = []
  try {
    return { answer: await (watch.revision === 0 ? views.query(watch.request) : views.answer(watch.request)) }
  } catch (error) {
    return { error }
  } finally {
    watch.running = false
  }
}

/** The name under which a view's changes come: a table's aggregates are folded with it. */
function groupOf(view: AnyView): string {
  return view.kind === 'aggregate' ? view.table.name : view.name
}
