/**
 * The store's work on one open database, synchronous: it runs in a thread of its own. All appends handed over at once are
 * one transaction, so that many connections share a sync of the disk.
 */
import type Database from 'libsql'
import type { StorePolicy } from '../store.ts'
import { createAppender } from './appends.ts'
import type { SqliteEngine } from './calls.ts'
import { createNotes } from './notes.ts'
import { createReads } from './reads.ts'
import { inTransaction } from './transaction.ts'

/** Makes the engine of a database. Errors of its calls: `STORAGE_FULL`, `STORAGE_LOST`. */
export function createEngine(database: Database.Database, policy: StorePolicy): SqliteEngine {
  const appendAll = createAppender(database, policy)
  const { note, ...others } = createNotes(database)
  return {
    ...createReads(database),
    ...others,
    appendAll: (appends) => inTransaction(database, () => appendAll(appends)),
    note: (notes) => inTransaction(database, () => note(notes)),
    close: () => {
      database.close()
    },
  }
}
