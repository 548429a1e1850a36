/** Transactions of the store's database, and what goes wrong in them, by name. */
import { HeadwaterError } from '@headwater/log'
import type Database from 'libsql'

/** Runs `work` in one transaction; what it threw, or what the disk said, comes out by name and nothing is stored. */
export function inTransaction<T>(database: Database.Database, work: () => T): T {
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
