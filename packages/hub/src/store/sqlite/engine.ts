/**
 * The store's work on one open database, synchronous: it runs in a thread of its own. All appends handed over at once are
 * one transaction, so that many connections share a sync of the disk.
 */
import { HeadwaterError, type ReplicaId } from '@headwater/log'
import type { Position } from '@headwater/replication'
import type Database from 'libsql'
import type { StorePolicy } from '../store.ts'
import { createAppender } from './appends.ts'
import type { SqliteEngine } from './calls.ts'
import { createReads } from './reads.ts'
import { prepare } from './statement.ts'

/** Makes the engine of a database. Errors of its calls: `STORAGE_FULL`, `STORAGE_LOST`. */
export function createEngine(database: Database.Database, policy: StorePolicy): SqliteEngine {
  const appendAll = createAppender(database, policy)
  const { acknowledgeAll, ...others } = createNotes(database)
  return {
    ...createReads(database),
    ...others,
    appendAll: (appends) => inTransaction(database, () => appendAll(appends)),
    acknowledgeAll: (seen) => inTransaction(database, () => acknowledgeAll(seen)),
    close: () => {
      database.close()
    },
  }
}

type Notes = Pick<SqliteEngine, 'acknowledgeAll' | 'seen' | 'workspaces' | 'revoke' | 'revocations'>

function createNotes(database: Database.Database): Notes {
  const putSeen = prepare(
    database,
    'INSERT INTO seen (workspace, replica, position, at) VALUES (?, ?, ?, ?) ' +
      'ON CONFLICT DO UPDATE SET position = excluded.position, at = excluded.at',
  )
  const seen = prepare(database, 'SELECT replica, position, at FROM seen WHERE workspace = ?')
  const workspaces = prepare(
    database,
    'SELECT name AS workspace, position AS head, replicas, bytes FROM workspaces ORDER BY name',
  )
  const revoke = prepare(
    database,
    'INSERT INTO revoked (subject, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)',
  )
  const revocations = prepare(database, 'SELECT subject, at AS atMs FROM revoked')
  return {
    acknowledgeAll(all) {
      for (const { workspace, seen: one } of all)
        putSeen.run(workspace, one.replica, one.position, one.seenAtMs)
    },
    seen: (workspace) =>
      seen.all(workspace).map((row) => ({
        replica: row.text<ReplicaId>('replica'),
        position: row.number<Position>('position'),
        seenAtMs: row.number('at'),
      })),
    workspaces: () =>
      workspaces.all().map((row) => ({
        workspace: row.text('workspace'),
        head: row.number<Position>('head'),
        replicas: row.number('replicas'),
        bytes: row.number('bytes'),
      })),
    revoke: ({ subject, atMs }) => inTransaction(database, () => void revoke.run(subject, atMs)),
    revocations: () =>
      revocations.all().map((row) => ({ subject: row.text('subject'), atMs: row.number('atMs') })),
  }
}

/** Runs `work` in one transaction; what it threw, or what the disk said, comes out by name and nothing is stored. */
function inTransaction<T>(database: Database.Database, work: () => T): T {
  try {
    database.exec('BEGIN IMMEDIATE')
    const value = work()
    database.exec('COMMIT')
    return value
  } catch (cause) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw storageError(cause)
  }
}

/** What went wrong with the database, by name. A bug stays a bug. */
export function storageError(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (!code.startsWith('SQLITE')) return cause
  return code.startsWith('SQLITE_FULL')
    ? new HeadwaterError('STORAGE_FULL', 'The hub’s disk is full; nothing was stored.', {
        hint: 'Free space on the disk of the data directory; clients keep their commits and send them again.',
        cause,
      })
    : new HeadwaterError('STORAGE_LOST', 'The hub’s database failed; nothing was stored.', {
        hint: 'Look at the cause and at the disk; clients keep their commits and send them again.',
        cause,
      })
}
