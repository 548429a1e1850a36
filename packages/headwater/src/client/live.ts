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
import { createReads } from './reads.ts'

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
  const reads = createReads()
  const line = createLine()

  const send = <M extends 'watch' | 'unwatch'>(method: M, args: Args<M>): Promise<unknown> | undefined =>
    line.link()?.call(nextId(), method, args)
  const watch = (entry: LiveEntry): void => {
    renew(entry, nextId(), byWatch)
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
      if (entry) reads.answered(entry.request.view)
      if (!entry || take(entry, report)) return
      endWatch(entry)
      watch(entry)
    },
    watched: () => reads.watched([...byKey.values()].map(({ request }) => request.view)),
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

/** Gives an entry a watch of its own. */
function renew(entry: LiveEntry, watch: CallId, byWatch: Map<CallId, LiveEntry>): void {
  byWatch.delete(entry.watch)
  entry.watch = watch
  entry.revision = 0
  byWatch.set(watch, entry)
}

/** Takes a report; false when it does not follow the one before, and the query must be watched anew. */
function take(entry: LiveEntry, report: Parameters<LiveStates['answered']>[0]): boolean {
  if (report.type === 'answer') return takeAnswer(entry, report)
  takeError(entry, dataToError(report.error))
  return true
}
