/**
 * The live queries of one client: equal queries share one watch, whoever subscribes; a watch outlives its last subscriber
 * by a second, so that a component that is mounted anew (StrictMode, a route and back) finds its answer.
 */
import { dataToError, type HeadwaterError } from '@headwater/log'
import type { ViewRequest } from '@headwater/views'
import type { Args, CallId, Report } from '../protocol.ts'
import type { QueryState, WatchedView } from '../query.ts'
import type { Timers } from '../seams.ts'
import type { ConnectedPart } from './connection.ts'
import { createLine } from './line.ts'
import {
  addListener,
  createEntry,
  type LiveEntry,
  LOADING,
  outdate,
  takeAnswer,
  takeError,
} from './live-entry.ts'

/** Live queries by key. */
export interface LiveStates extends ConnectedPart {
  readonly subscribe: (key: string, request: ViewRequest, listener: () => void) => () => void
  readonly state: (key: string) => QueryState<unknown>
  readonly answered: (report: Extract<Report, { type: 'answer' | 'answerFailed' }>) => void
  readonly watched: () => readonly WatchedView[]
}

/** How long an answer is kept up to date after its last subscriber has gone. */
const KEPT_MS = 1_000

/** No live queries yet. */
export function createLiveStates(scheduler: Timers, nextId: () => CallId): LiveStates {
  const byKey = new Map<string, LiveEntry>()
  const byWatch = new Map<CallId, LiveEntry>()
  const answers = new Map<string, number>()
  const line = createLine()

  const send = <M extends 'watch' | 'unwatch'>(method: M, args: Args<M>): Promise<unknown> | undefined =>
    line.link()?.call(nextId(), method, args)
  const watch = (entry: LiveEntry): void => {
    byWatch.delete(entry.watch)
    entry.watch = nextId()
    entry.revision = 0
    byWatch.set(entry.watch, entry)
    const sent = send('watch', { watch: entry.watch, request: entry.request })
    sent?.catch((error: HeadwaterError) => takeError(entry, error))
  }
  const endWatch = (entry: LiveEntry): void => {
    byWatch.delete(entry.watch)
    // A link that cannot take it has no watches left.
    send('unwatch', { watch: entry.watch })?.catch(() => undefined)
  }
  const open = (key: string, request: ViewRequest): LiveEntry => {
    const entry = createEntry(key, request)
    byKey.set(key, entry)
    const failure = line.failure()
    if (failure) takeError(entry, failure)
    else watch(entry)
    return entry
  }
  return {
    subscribe: (key, request, listener) => {
      const entry = byKey.get(key) ?? open(key, request)
      entry.cancelDrop?.()
      return addListener(entry, listener, () => {
        entry.cancelDrop = scheduler.after(KEPT_MS, () => {
          byKey.delete(entry.key)
          endWatch(entry)
        })
      })
    },
    state: (key) => byKey.get(key)?.state ?? LOADING,
    answered: (report) => {
      const entry = byWatch.get(report.watch)
      if (!entry) return
      answers.set(entry.request.view, (answers.get(entry.request.view) ?? 0) + 1)
      if (take(entry, report)) return
      endWatch(entry)
      watch(entry)
    },
    watched: () => {
      const queries = new Map<string, number>()
      for (const { request } of byKey.values())
        queries.set(request.view, (queries.get(request.view) ?? 0) + 1)
      const views = new Set([...queries.keys(), ...answers.keys()])
      return [...views].map((view) => ({
        view,
        queries: queries.get(view) ?? 0,
        answers: answers.get(view) ?? 0,
      }))
    },
    connect: (to) => {
      line.connect(to)
      for (const entry of byKey.values()) watch(entry)
    },
    disconnect: () => {
      line.disconnect()
      for (const entry of byKey.values()) outdate(entry, undefined)
    },
    fail: (error) => {
      line.fail(error)
      for (const entry of byKey.values()) outdate(entry, error)
    },
  }
}

/** Takes a report; false when it does not follow the one before, and the query must be watched anew. */
function take(entry: LiveEntry, report: Parameters<LiveStates['answered']>[0]): boolean {
  if (report.type === 'answer') return takeAnswer(entry, report)
  takeError(entry, dataToError(report.error))
  return true
}
