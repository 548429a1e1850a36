/**
 * The engine of one tab: log, views, live queries, tabs and singleton jobs, wired together and nothing more; what decides
 * lives in the parts. It runs in a worker or in process, is spoken to by the calls of `protocol.ts` alone, and reports
 * through one `send`. Closing is idempotent and lets what was appended be stored first.
 */
import { createEventRegistry } from '@headwater/log'
import { createViews, type Views } from '@headwater/views'
import type { DatabaseDefinition } from '../database.ts'
import type { EngineStatus, OpenArgs } from '../protocol.ts'
import type { Platform } from '../seams.ts'
import { type Appends, createAppends } from './appends.ts'
import { createFoldWatch } from './fold-watch.ts'
import { createLiveQueries } from './live-queries.ts'
import { type LogSize, measureLog } from './log-size.ts'
import { createMethods, type EngineMethods } from './methods.ts'
import { type OpenedStorage, openStorage } from './open-storage.ts'
import { createReporter, type Send } from './reporter.ts'
import { standForJobs } from './singletons.ts'
import { watchStatus } from './status.ts'
import { openSync } from './sync/load.ts'
import { joinTabs } from './tabs.ts'

/** An open engine. */
export interface Engine {
  readonly methods: EngineMethods
  readonly status: () => EngineStatus
  readonly append: Appends['start']
  readonly cancelAppend: Appends['cancel']
}

/** Opens a database's engine. Errors: the codes of storage. */
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
  const watch = createFoldWatch(args.died ?? [], send)
  const views = createViews({ log, definitions, store, locks, scheduler, clock, lockScope: scope, watch })
  const size = await startOrClose(views, storage, scheduler)

  const reporter = createReporter(send)
  const appends = createAppends(log, reporter)
  const live = createLiveQueries({ views, definitions, scheduler, reporter })
  const report = (now: EngineStatus): void => reporter.report({ type: 'status', status: now })
  const status = watchStatus({ log, size, views, scheduler, report })
  const onError = status.setError
  // Databases in memory share a name and nothing else.
  const tabScope = args.storage === 'memory' ? `${scope}:${log.id}` : scope
  const tabs = joinTabs({
    name: tabScope,
    log,
    views,
    scheduler,
    openChannel: platform.openChannel,
    onDestroyed: () => {
      reporter.report({ type: 'gone' })
      close().catch(onError)
    },
    onError,
  })
  const onLead = (): void => {
    views.setLeader(true)
    status.setLeads(true)
  }
  const jobs = standForJobs({ scope, definitions, log, locks, scheduler, onLead, onError })
  const shared = { log, scope: tabScope, workspace: definition.name, locks, platform, onError }
  const sync = openSync(args.sync, { ...shared, report: reporter.report })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const part of [live, status]) part.close()
      await appends.idle()
      await sync.close()
      for (const part of [tabs, jobs]) part.close()
      await views.close()
      await storage.close()
    })()
    return closing
  }
  const parts = { log, events, views, live, status, tabs, appends, sync, platform, storage, close }
  const methods = createMethods(parts)
  return { methods, status: status.current, append: appends.start, cancelAppend: appends.cancel }
}

/** Reads the bases and measures the log at the same time. */
async function startOrClose(
  views: Views,
  storage: OpenedStorage,
  scheduler: Platform['scheduler'],
): Promise<LogSize> {
  try {
    const [size] = await Promise.all([measureLog(storage.log, scheduler), views.start()])
    return size
  } catch (error) {
    await views.close()
    await storage.close()
    throw error
  }
}
