/**
 * The live queries of one client: equal queries share one watch, whoever subscribes; a watch outlives its last subscriber
 * by a second, so that a component that is mounted anew (StrictMode, a route and back) finds its answer. States keep
 * their reference until something changes, and so do equal parts of the answer (D3).
 */

import { dataToError, type HeadwaterError } from '@headwater/log'
import type { ViewRequest } from '@headwater/views'
import type { QueryState } from '../database.ts'
import type { EngineLink } from '../link/engine-link.ts'
import { applyPatch } from '../patch-apply.ts'
import type { AnswerReport, CallId, Report } from '../protocol.ts'
import type { Timers } from '../seams.ts'

/** Live queries by key. */
export interface LiveStates {
  subscribe(key: string, request: ViewRequest, listener: () => void): () => void
  state(key: string): QueryState<unknown>
  answered(report: Extract<Report, { type: 'answer' | 'answerFailed' }>): void
  connect(link: EngineLink): void
  /** The engine is gone: what is shown is stale. */
  disconnect(): void
  fail(error: HeadwaterError): void
}

interface Live {
  readonly key: string
  readonly request: ViewRequest
  readonly listeners: Set<() => void>
  watch: CallId
  revision: number
  state: QueryState<unknown>
  /** Set while nobody subscribes. */
  cancelDrop: (() => void) | undefined
}

/** How long an answer is kept up to date after its last subscriber has gone. */
const KEPT_MS = 1_000
const LOADING: QueryState<never> = Object.freeze({ status: 'loading', data: undefined, error: undefined })

/** No live queries yet. */
export function createLiveStates(scheduler: Timers, nextId: () => CallId): LiveStates {
  const byKey = new Map<string, Live>()
  const byWatch = new Map<CallId, Live>()
  let link: EngineLink | undefined
  let failure: HeadwaterError | undefined

  const watch = (live: Live): void => {
    byWatch.delete(live.watch)
    live.watch = nextId()
    live.revision = 0
    byWatch.set(live.watch, live)
    const args = { watch: live.watch, request: live.request }
    link?.call(nextId(), 'watch', args).catch((error: HeadwaterError) => {
      setState(live, { status: 'error', data: undefined, error })
    })
  }
  const unwatch = (live: Live): void => {
    byKey.delete(live.key)
    byWatch.delete(live.watch)
    // A link that cannot take it has no watches left.
    link?.call(nextId(), 'unwatch', { watch: live.watch }).catch(() => undefined)
  }
  const open = (key: string, request: ViewRequest): Live => {
    const state: QueryState<unknown> = failure
      ? { status: 'error', data: undefined, error: failure }
      : LOADING
    const live: Live = {
      key,
      request,
      listeners: new Set(),
      watch: 0,
      revision: 0,
      state,
      cancelDrop: undefined,
    }
    byKey.set(key, live)
    if (!failure) watch(live)
    return live
  }
  const answer = (live: Live, report: AnswerReport): void => {
    const resync = report.revision !== 1 && report.revision !== live.revision + 1
    const data = resync ? undefined : patched(live.state.data, report)
    if (data === undefined) {
      watch(live)
      return
    }
    live.revision = report.revision
    const error = report.error && dataToError(report.error)
    if (report.stale) setState(live, { status: 'stale', data: data.value, error })
    else setState(live, { status: 'ready', data: data.value, error: undefined })
  }
  return {
    subscribe: (key, request, listener) => {
      const live = byKey.get(key) ?? open(key, request)
      live.cancelDrop?.()
      live.cancelDrop = undefined
      // The same listener may subscribe twice; each subscription ends by itself.
      const own = (): void => listener()
      live.listeners.add(own)
      return () => {
        if (!live.listeners.delete(own) || live.listeners.size > 0) return
        live.cancelDrop = scheduler.after(KEPT_MS, () => unwatch(live))
      }
    },
    state: (key) => byKey.get(key)?.state ?? LOADING,
    answered: (report) => {
      const live = byWatch.get(report.watch)
      if (!live) return
      if (report.type === 'answer') answer(live, report)
      else setState(live, { status: 'error', data: undefined, error: dataToError(report.error) })
    },
    connect: (to) => {
      link = to
      for (const live of byKey.values()) watch(live)
    },
    disconnect: () => {
      link = undefined
      for (const live of byKey.values()) {
        if (live.state.status === 'ready') setState(live, { ...live.state, status: 'stale' })
      }
    },
    fail: (error) => {
      failure = error
      link = undefined
      for (const live of byKey.values()) setState(live, failedState(live.state, error))
    },
  }
}

/** The next data in a box, or nothing when the patch belongs to an answer that is not held. */
function patched(data: unknown, { patch }: AnswerReport): { readonly value: unknown } | undefined {
  if (patch === undefined) return { value: data }
  try {
    return { value: applyPatch(data, patch) }
  } catch {
    return undefined // the caller watches anew, and is sent the whole answer
  }
}

/** What has been shown stays, marked; what never came is an error. */
function failedState(state: QueryState<unknown>, error: HeadwaterError): QueryState<unknown> {
  const shown = state.status === 'ready' || state.status === 'stale'
  return shown ? { status: 'stale', data: state.data, error } : { status: 'error', data: undefined, error }
}

function setState(live: Live, state: QueryState<unknown>): void {
  const { status, data, error } = live.state
  if (status === state.status && Object.is(data, state.data) && error === state.error) return
  live.state = Object.freeze(state)
  for (const listener of [...live.listeners]) listener()
}
