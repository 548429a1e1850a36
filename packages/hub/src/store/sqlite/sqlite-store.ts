/**
 * The durable store: SQLite by libsql, one file, in a thread of its own. Appends of all connections are grouped into
 * transactions. What it only notes, which may be lost, is gathered and written once a second.
 */
import { drawId, type LogId, type Random, type Scheduler } from '@headwater/log'
import type { StreamId } from '@headwater/replication'
import type { HubStore, StorePolicy } from '../store.ts'
import { MAX_AHEAD_MS, MAX_REPLICAS } from '../store.ts'
import { createAppendGroups } from './append-groups.ts'
import { startDatabaseThread } from './database-thread.ts'
import { createGatheredNotes } from './gathered-notes.ts'
import { readRun } from './read-run.ts'
import type { SqliteSettings } from './schema.ts'

/** How the store is opened. */
export interface SqliteStoreOptions extends StorePolicy, SqliteSettings {}

/** What the store is handed. */
export interface SqliteStoreSeams {
  readonly random: Random
  readonly scheduler: Scheduler
  /** Told when the database's thread dies by itself; every call fails from then on. */
  readonly onLost?: (error: unknown) => void
}

/**
 * Opens the store, making the file when there is none. Errors: `STORE_UNSAFE`, `STORAGE_UNAVAILABLE`, `FORMAT_NEWER`.
 */
export async function openSqliteStore(
  options: SqliteStoreOptions,
  { random, scheduler, onLost = () => undefined }: SqliteStoreSeams,
): Promise<HubStore> {
  const { stampKey, maxAheadMs = MAX_AHEAD_MS, maxReplicas = MAX_REPLICAS, ...settings } = options
  const epoch = drawId<LogId>(random)
  const thread = await startDatabaseThread({ settings, stampKey, maxAheadMs, maxReplicas, epoch }, onLost)
  const groups = createAppendGroups((group) => thread.call('appendAll', group))
  const notes = createGatheredNotes((gathered) => thread.call('note', gathered), scheduler)
  return {
    epoch: thread.epoch as StreamId, // drawn here or by an earlier start
    isDurable: thread.isDurable,
    append: (workspace, commits, context) => groups.add({ workspace, commits, context }),
    read: (workspace, after, bounds) => readRun(thread, workspace, after, bounds),
    head: (workspace) => thread.call('head', workspace),
    chains: (workspace) => thread.call('chains', workspace),
    subjectOf: (workspace, replica) => thread.call('subjectOf', workspace, replica),
    hashesOf: (workspace, replica, sequences) => thread.call('hashesOf', workspace, replica, sequences),
    rollingHash: (workspace, position) => thread.call('rollingHash', workspace, position),
    acknowledge: (workspace, seen) => notes.add({ type: 'seen', workspace, seen }),
    remember: (workspace, token) => notes.add({ type: 'stream', workspace, token }),
    async seen(workspace) {
      await notes.flush()
      return await thread.call('seen', workspace)
    },
    // What was handed to the thread before is found there: it works in order.
    recall: async (workspace, stream) =>
      notes.find(workspace, stream) ?? (await thread.call('recall', workspace, stream)),
    workspaces: () => thread.call('workspaces'),
    revoke: (revocation) => thread.call('revoke', revocation),
    revocations: () => thread.call('revocations'),
    queuedBytes: groups.queuedBytes,
    async close() {
      notes.stop()
      await groups.whenEmpty()
      try {
        await notes.flush()
      } finally {
        await thread.close()
      }
    },
  }
}
