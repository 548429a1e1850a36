/**
 * Where a database's log and bases live. Two databases in IndexedDB, since bases may be deleted wholesale and the log
 * never; or memory, gone when it is closed.
 */
import {
  destroyIndexedDbLog,
  type EventRegistry,
  isHeadwaterError,
  type Log,
  latePart,
  openIndexedDbLog,
  type Scheduler,
} from '@headwater/log'
import { type BaseStore, destroyIndexedDbBaseStore, openIndexedDbBaseStore } from '@headwater/views'
import type { OpenArgs } from '../protocol.ts'
import type { Platform } from '../seams.ts'

/** Log and bases, opened. */
export interface OpenedStorage {
  readonly log: Log
  readonly store: BaseStore
  readonly close: () => Promise<void>
  /** Deletes both. To be called after `close`. Errors: `STORAGE_BLOCKED` when another tab does not let go. */
  readonly remove: () => Promise<void>
}

/** Opens both, or neither. */
export function openStorage(
  args: OpenArgs,
  events: EventRegistry,
  platform: Platform,
): Promise<OpenedStorage> {
  return args.storage === 'memory' ? openInMemory(events, platform) : openIndexedDb(args, events, platform)
}

const memory = latePart('databases in memory', () => import('./memory-storage.ts'))

async function openInMemory(events: EventRegistry, platform: Platform): Promise<OpenedStorage> {
  const { log, store } = (await memory()).openMemory(events, platform)
  return { log, store, close: () => closeBoth(log, store), remove: () => Promise.resolve() }
}

async function openIndexedDb(
  { name, deadlineMs }: OpenArgs,
  events: EventRegistry,
  platform: Platform,
): Promise<OpenedStorage> {
  const { clock, random, scheduler, strictHonoured } = platform
  const names = { log: `headwater:${name}:log`, bases: `headwater:${name}:bases` }
  const bounds = { openDeadlineMs: deadlineMs, strictHonoured }
  const opening = [
    openIndexedDbLog({ name: names.log, events, clock, random, scheduler, ...bounds }),
    openIndexedDbBaseStore({ name: names.bases, scheduler, clock, openDeadlineMs: deadlineMs }),
  ] as const
  try {
    const [log, store] = await Promise.all(opening)
    const remove = async (): Promise<void> => {
      await patiently(scheduler, () => destroyIndexedDbLog(names.log))
      await patiently(scheduler, () => destroyIndexedDbBaseStore({ name: names.bases, scheduler }))
    }
    return { log, store, close: () => closeBoth(log, store), remove }
  } catch (error) {
    for (const half of await Promise.allSettled(opening))
      if (half.status === 'fulfilled') await half.value.close()
    throw error
  }
}

async function closeBoth(log: Log, store: BaseStore): Promise<void> {
  await log.close()
  await store.close()
}

const TRIES = 20
const TRY_EVERY_MS = 100

/** Other tabs have been asked to let go, and get two seconds for it. */
async function patiently(scheduler: Scheduler, remove: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await remove()
    } catch (error) {
      if (!isHeadwaterError(error, 'STORAGE_BLOCKED') || tries === TRIES) throw error
    }
    await new Promise<void>((resolve) => {
      scheduler.after(TRY_EVERY_MS, resolve)
    })
  }
}
