/**
 * The live queries of one client: equal queries share one watch, whoever subscribes; a watch outlives its last subscriber
 * by a second, so that a component that is mounted anew (StrictMode, a route and back) finds its answer.
 */
import { dataToError, type HeadwaterError } from '@headwater/log'
import type { ViewRequest } from '@headwater/views'
import type { EngineLink } from '../link/engine-link.ts'
import type { CallId, Report } from '../protocol.ts'
import type { QueryState } from '../query.ts'
import type { Timers } from '../seams.ts'
import type { ConnectedPart } from './connection.ts'
import { createEntry, type LiveEntry, LOADING, outdate, takeAnswer, takeError } from './live-entry.ts'

/** Live queries by key. */
export interface LiveStates extends ConnectedPart {
  subscribe(key: string, request: ViewRequest, listener: () => void): () => void
  state(key: string): QueryState<unknown>
  answered(report: Extract<Report, { type: 'answer' | 'answerFailed' }>): void
}

/** How long an answer is kept up to date after its last subscriber has gone. */
const KEPT_MS = 1_000

/** No live queries yet. */
export function createLiveStates(scheduler: Timers, nextId: () => CallId): LiveStates {
  const byKey = new Map<string, LiveEntry>()
  const byWatch = new Map<CallId, LiveEntry>()
  let link: EngineLink | undefined
  let failure: HeadwaterError | undefined

  const watch = (entry: LiveEntry): void => {
    byWatch.delete(entry.watch)
    entry.watch = nextId()
    entry.revision = 0
    byWatch.set(entry.watch, entry)
    const args = { watch: entry.watch, request: entry.request }
    link?.call(nextId(), 'watch', args).catch((error: HeadwaterError) => takeError(entry, error))
  }
  const unwatch = (entry: LiveEntry): void => {
    byKey.delete(entry.key)
    byWatch.delete(entry.watch)
    // A link that cannot take it has no watches left.
    link?.call(nextId(), 'unwatch', { watch: entry.watch }).catch(() => undefined)
  }
  const open = (key: string, request: ViewRequest): LiveEntry => {
    const entry = createEntry(key, request)
    byKey.set(key, entry)
    if (failure) takeError(entry, failure)
    else watch(entry)
    return entry
  }
  return {
    subscribe: (key, request, listener) => {
      const entry = byKey.get(key) ?? open(key, request)
      entry.cancelDrop?.()
      entry.cancelDrop = undefined
      // The same listener may subscribe twice; each subscription ends by itself.
      const own = (): void => listener()
      entry.listeners.add(own)
      return () => {
        if (!entry.listeners.delete(own) || entry.listeners.size > 0) return
        entry.cancelDrop = scheduler.after(KEPT_MS, () => unwatch(entry))
      }
    },
    state: (key) => byKey.get(key)?.state ?? LOADING,
    answered: (report) => {
      const entry = byWatch.get(report.watch)
      if (!entry) return
      if (report.type === 'answerFailed') takeError(entry, dataToError(report.error))
      else if (!takeAnswer(entry, report)) watch(entry)
    },
    connect: (to) => {
      link = to
      for (const entry of byKey.values()) watch(entry)
    },
    disconnect: () => {
      link = undefined
      for (const entry of byKey.values()) outdate(entry, undefined)
    },
    fail: (error) => {
      failure = error
      link = undefined
      for (const entry of byKey.values()) outdate(entry, error)
    },
  }
}
