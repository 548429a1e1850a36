/**
 * The calls of `protocol.ts`, answered: each is one line to the part that knows the answer.
 */
import { type EventRegistry, type Log, latePart, type Offset } from '@headwater/log'
import type { Views } from '@headwater/views'
import type { Args, Method, Progress, Result } from '../protocol.ts'
import type { Platform } from '../seams.ts'
import type { Appends } from './appends.ts'
import type { LiveQueries } from './live-queries.ts'
import type { OpenedStorage } from './open-storage.ts'
import type { Status } from './status.ts'
import type { EngineSync } from './sync/engine-sync.ts'
import type { Tabs } from './tabs.ts'
import { askFrom, waitUntilSettled } from './waiting.ts'

/** What a call is given beside its arguments. */
export interface CallContext {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Every call. */
export type EngineMethods = {
  readonly [M in Method]: (args: Args<M>, context: CallContext) => Promise<Result<M>>
}

/** The parts that answer. */
export interface MethodsOptions {
  readonly log: Log
  readonly events: EventRegistry
  readonly views: Views
  readonly live: LiveQueries
  readonly status: Pick<Status, 'tellNow'>
  readonly tabs: Tabs
  readonly appends: Pick<Appends, 'idle'>
  readonly sync: EngineSync
  readonly platform: Platform
  readonly storage: OpenedStorage
  readonly close: () => Promise<void>
}

const insight = latePart('looking inside', () => import('./insight.ts'))
const exporting = latePart('exporting', () => import('../transfer/export.ts'))
const importing = latePart('importing', () => import('../transfer/import.ts'))

/** The calls of an open engine. */
export function createMethods(options: MethodsOptions): EngineMethods {
  const { log, events, views, live, status, tabs, appends, sync, platform, storage, close } = options
  const { scheduler } = platform
  const pasts = latePart('reading the past', async () =>
    (await import('./past/pasts.ts')).createPasts({ log, views, scheduler }),
  )
  return {
    query: async ({ request, atLeast, deadlineMs }, { signal }) => {
      const ask = (from: { readonly atLeast?: Offset; readonly deadlineMs: number }) =>
        views.query(request, { signal, ...from })
      const answering =
        atLeast === undefined
          ? ask({ deadlineMs })
          : askFrom(atLeast, deadlineMs, { log, scheduler, signal }, ask)
      return (await answering).value
    },
    watch: async ({ watch, request }) => live.watch(watch, request),
    unwatch: async ({ watch }) => live.unwatch(watch),
    settled: async (waiting, { signal }) => {
      await waitUntilSettled(waiting, { log, views, scheduler, signal })
      status.tellNow() // travels ahead of this answer
    },
    verify: ({ view }, { signal, progress }) => views.verify(view, { signal, onProgress: progress }),
    rebuild: ({ view }, { signal, progress }) => views.rebuild(view, { signal, onProgress: progress }),
    exportRun: async ({ after }, { signal }) => (await exporting()).exportRun(log, after, signal),
    importEvents: async (file, { signal, progress }) =>
      (await importing()).importEvents({ ...file, ...platform, log, events, signal, onProgress: progress }),
    look: () => tabs.look(),
    pauseSync: ({ reason }) => sync.pause(reason),
    resumeSync: () => sync.resume(),
    reached: ({ receipt, deadlineMs }, { signal }) => sync.reached(receipt, deadlineMs, signal),
    present: ({ text }) => sync.present(text),
    giveToken: ({ id, answer }) => sync.giveToken(id, answer),
    mayDestroy: async (_, { signal }) => {
      await appends.idle()
      await sync.mayDestroy(signal)
    },
    openPast: async (args, { signal, progress }) =>
      (await pasts()).open(args, { signal, onProgress: progress }),
    queryPast: async (args, { signal }) => (await pasts()).query(args, signal),
    closePast: async ({ id }) => (await pasts()).close(id),
    close,
    destroy: async () => {
      tabs.tellDestroyed()
      await close()
      await storage.remove()
    },
    ...insightMethods(options),
  }
}

type InsightMethod =
  | 'pause'
  | 'resume'
  | 'dropSnapshot'
  | 'digest'
  | 'readLog'
  | 'touched'
  | 'vector'
  | 'storage'

/** The calls of `insight.ts`. */
function insightMethods(source: MethodsOptions): Pick<EngineMethods, InsightMethod> {
  const { views } = source
  return {
    pause: ({ view }) => views.pause(view),
    resume: ({ view }) => views.resume(view),
    dropSnapshot: ({ view }, { signal, progress }) =>
      views.dropSnapshot(view, { signal, onProgress: progress }),
    digest: ({ view }, { signal, progress }) => views.digest(view, { signal, onProgress: progress }),
    readLog: async (wanted, { signal }) => (await insight()).readLog(source, wanted, signal),
    touched: async ({ offset }, { signal }) => (await insight()).readTouched(source, offset, signal),
    vector: async () => (await source.log.vector()).toJSON(),
    storage: async () => (await insight()).readStorage(source),
  }
}
