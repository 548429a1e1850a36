/**
 * `openDatabase`: the one way in. With `worker` the engine runs in the app's own worker file; without, it runs in this
 * process, loaded when it is asked for. Whatever keeps it from opening is said by name within the deadline.
 */
import { openClient } from './client/database.ts'
import type { Database, DatabaseDefinition, SyncedDatabase } from './database.ts'
import { connectInProcess } from './link/in-process.ts'
import { connectToWorker } from './link/worker-link.ts'
import { createPowers } from './platform.ts'
import type { Platform, Storage } from './seams.ts'
import type { SyncSpec } from './sync-spec.ts'

/** How to open. */
export interface OpenOptions {
  /**
   * Makes the worker: `() => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })`. Called again when
   * the worker has died. Without it the engine runs in this process.
   */
  readonly worker?: () => Worker
  /** Stores under another name than the definition's: one database a user, say. */
  readonly name?: string
  /** Default `indexeddb`. `memory` is gone when the database is closed. */
  readonly storage?: Storage
  /** With whom to sync: `hub({ url, token })` or `nearby({ channel })`. Opening does not wait for it. */
  readonly sync?: SyncSpec | undefined
  /** Milliseconds until opening fails by name (default 10,000). */
  readonly openDeadlineMs?: number
  /** The platform to run on, in process only: for tests. */
  readonly platform?: Platform
}

const OPEN_DEADLINE_MS = 10_000

/**
 * Opens the database. Errors: `WORKER_UNAVAILABLE`, or `PART_UNAVAILABLE` without a worker, `STORAGE_UNAVAILABLE`,
 * `STORAGE_BLOCKED`, `FORMAT_NEWER`, `DEADLINE`.
 */
export function openDatabase<Definition extends DatabaseDefinition>(
  definition: Definition,
  options: OpenOptions & { readonly sync: SyncSpec },
): Promise<SyncedDatabase<Definition>>
export function openDatabase<Definition extends DatabaseDefinition>(
  definition: Definition,
  options?: OpenOptions,
): Promise<Database<Definition>>
export async function openDatabase<Definition extends DatabaseDefinition>(
  definition: Definition,
  options: OpenOptions = {},
): Promise<Database<Definition>> {
  const { worker, name, storage = 'indexeddb', openDeadlineMs = OPEN_DEADLINE_MS, sync } = options
  const powers = options.platform ?? createPowers()
  const connect = worker ? connectToWorker(worker, powers) : connectInProcess(options.platform)
  return openClient({
    definition,
    args: {
      name: name || definition.name,
      storage,
      deadlineMs: openDeadlineMs,
      ...(sync && { sync: sync.place }),
    },
    connect,
    powers,
    sync,
  })
}
