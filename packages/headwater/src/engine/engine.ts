/**
 * The engine of one tab: log, views, live queries, tabs and singleton jobs, wired together and nothing more; what decides
 * lives in the parts. It runs in a worker or in process, is spoken to by the calls of `protocol.ts` alone, and reports
 * through one `send`. `close` is idempotent and lets what was appended be stored first.
 */
import { createEventRegistry, HeadwaterError, type Log } from '@headwater/log'
import { createViews, type Views } from '@headwater/views'
import type { DatabaseDefinition } from '../database.ts'
import type { Args, EngineStatus, Method, OpenArgs, Progress, Result } from '../protocol.ts'
import type { Platform } from '../seams.ts'
import { exportRun } from '../transfer/export.ts'
import { importEvents } from '../transfer/import.ts'
import { type Appends, createAppends } from './appends.ts'
import { createLiveQueries } from './live-queries.ts'
import { readLogWindow } from './log-window.ts'
import { type OpenedStorage, openStorage } from './open-storage.ts'
import { createReporter, type Send } from './reporter.ts'
import { buildName, keepPacked, type Place, standFor } from './singletons.ts'
import { watchStatus } from './status.ts'
import { joinTabs } from './tabs.ts'
import { offsetOf, waitUntilSettled } from './waiting.ts'

/** What a call is given beside its arguments. */
export interface CallContext {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** The calls, answered. */
export type EngineMethods = {
  readonly [M in Method]: (args: Args<M>, context: CallContext) => Promise<Result<M>>
}

/** An open engine. */
export interface Engine {
  readonly methods: EngineMethods
  readonly status: () => EngineStatus
  readonly cancelAppend: Appends['cancel']
}

/** Opens a database's engine. Errors: the codes of storage, `DEADLINE`. */
export async function openEngine(
  definition: DatabaseDefinition,
  args: OpenArgs,
  platform: Platform,
  send: Send,
): Promise<Engine> {
  const { clock, scheduler } = platform
  const scope = `headwater:${args.name}`
  const definitions = Object.values(definition.views)
  const events = createEventRegistry(definition.events)
  const locks = platform.locks(args.storage)
  const storage = await openStorage(args, events, platform)
  const { log, store } = storage
  const views = createViews({ log, definitions, store, locks, scheduler, clock, lockScope: scope })
  await startOrClose(views, storage)

  const reporter = createReporter(send)
  const appends = createAppends(log, reporter)
  const live = createLiveQueries({ views, definitions, scheduler, reporter })
  const report = (status: EngineStatus): void => reporter.report({ type: 'status', status })
  const status = await watchStatus({ log, views, scheduler, report })
  const tabs = joinTabs({
    name: args.storage === 'memory' ? `${scope}:${log.id}` : scope,
    log,
    views,
    scheduler,
    openChannel: platform.openChannel,
    onDestroyed: () => {
      reporter.report({ type: 'gone' })
      close().catch(status.setError)
    },
    onError: status.setError,
  })
  const lead = (): void => {
    views.setLeader(true)
    status.setLeads(true)
  }
  const leader = standFor(locks, `${scope}:leader:${buildName(definitions)}`, lead, status.setError)
  const packer = standPacking(log, () => keepPacked(log, scheduler, status.setError))
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= closeAll())
  const closeAll = async (): Promise<void> => {
    tabs.close()
    live.close()
    packer.close()
    status.close()
    await appends.idle()
    await views.close()
    leader.close()
    await storage.close()
  }
  function standPacking(packed: Log, keep: () => Place): Place {
    let packing: Place | undefined
    const onHeld = (): void => {
      packing = keep()
    }
    const place = standFor(locks, `${scope}:packer:${packed.id}`, onHeld, status.setError)
    return {
      close: () => {
        packing?.close()
        place.close()
      },
    }
  }
  const methods: EngineMethods = {
    append: async (batch) => {
      if (closing) throw closed()
      appends.start(batch)
    },
    query: async ({ request, deadlineMs, ...waiting }, { signal }) => {
      const atLeast = offsetOf(log, waiting.atLeast)
      const options = { deadlineMs, signal, ...(atLeast === undefined ? {} : { atLeast }) }
      return (await views.query(request, options)).value
    },
    watch: async ({ watch, request }) => live.watch(watch, request),
    unwatch: async ({ watch }) => live.unwatch(watch),
    settled: (waiting, { signal }) => waitUntilSettled(waiting, { log, views, scheduler, signal }),
    readLog: ({ after, limit }, { signal }) => readLogWindow(log, after, limit, signal),
    verify: ({ view }, { signal, progress }) => views.verify(view, { signal, onProgress: progress }),
    rebuild: ({ view }, { signal, progress }) => views.rebuild(view, { signal, onProgress: progress }),
    exportRun: ({ after }, { signal }) => exportRun(log, after, signal),
    importEvents: (source, { signal, progress }) =>
      importEvents({ ...source, ...platform, log, events, signal, onProgress: progress }),
    look: () => tabs.look(),
    close,
    destroy: async () => {
      tabs.tellDestroyed()
      await close()
      await storage.remove()
    },
  }
  return { methods, status: status.current, cancelAppend: appends.cancel }
}

async function startOrClose(views: Views, storage: OpenedStorage): Promise<void> {
  try {
    await views.start()
  } catch (error) {
    await views.close()
    await storage.close()
    throw error
  }
}

function closed(): HeadwaterError {
  return new HeadwaterError('CLOSED', 'The database is closed.', {
    hint: 'Open it again with openDatabase.',
    facts: {},
  })
}
