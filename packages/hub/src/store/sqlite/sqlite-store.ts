/**
 * The durable store: SQLite by libsql, one file, in a thread of its own. Appends of all connections are grouped into
 * transactions. What replicas acknowledged, which may be lost, is gathered and written once a second.
 */
import { drawId, type LogId, type Random, type Scheduler } from '@headwater/log'
import type { StreamId } from '@headwater/replication'
import type { HubStore, StorePolicy } from '../store.ts'
import { MAX_AHEAD_MS, MAX_REPLICAS } from '../store.ts'
import { createAcknowledgements } from './acknowledgements.ts'
import { createAppendGroups } from './append-groups.ts'
import { startDatabaseThread } from './database-thread.ts'
import { readRun } from './read-run.ts'
import type { SqliteSettings } from './schema.ts'

/** How the store is opened. */
export interface SqliteStoreOptions extends StorePolicy, SqliteSettings {}

/**
 * Opens the store, making the file when there is none. Errors: `STORE_UNSAFE`, `STORAGE_UNAVAILABLE`, `FORMAT_NEWER`.
 */
export async function openSqliteStore(
  options: SqliteStoreOptions,
  { random, scheduler }: { readonly random: Random; readonly scheduler: Scheduler },
): Promise<HubStore> {
  const { stampKey, maxAheadMs = MAX_AHEAD_MS, maxReplicas = MAX_REPLICAS, ...settings } = options
  const epoch = drawId<LogId>(random)
  const thread = await startDatabaseThread({ settings, stampKey, maxAheadMs, maxReplicas, epoch })
  const groups = createAppendGroups((group) => thread.call('appendAll', group))
  const acknowledged = createAcknowledgements((all) => thread.call('acknowledgeAll', all), scheduler)
  return {
    epoch: thread.epoch as StreamId, // drawn here or by an earlier start
    isDurable: thread.isDurable,
    append: (workspace, commits, context) => groups.add({ workspace, commits, context }),
    read: (workspace, after, bounds) => readRun(thread, workspace, after, bounds),
    head: (workspace) => thread.call('head', workspace),
    chains: (workspace) => thread.call('chains', workspace),
    hashesOf: (workspace, replica, sequences) => thread.call('hashesOf', workspace, replica, sequences),
    rollingHash: (workspace, position) => thread.call('rollingHash', workspace, position),
    acknowledge: acknowledged.add,
    async seen(workspace) {
      await acknowledged.flush()
      return await thread.call('seen', workspace)
    },
    workspaces: () => thread.call('workspaces'),
    revoke: (revocation) => thread.call('revoke', revocation),
    revocations: () => thread.call('revocations'),
    queuedBytes: groups.queuedBytes,
    async close() {
      acknowledged.stop()
      await groups.whenEmpty()
      await acknowledged.flush().finally(() => thread.close())
    },
  }
}
