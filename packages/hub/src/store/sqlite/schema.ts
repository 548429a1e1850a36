/**
 * The database file: its tables, how it is opened, and what is insisted on. WAL with `synchronous=FULL` syncs each
 * transaction before it counts; the effective settings are read back, because a file system may silently give less.
 */
import { HeadwaterError } from '@headwater/log'
import Database from 'libsql'
import { prepare } from './statement.ts'

/** How a file is opened. */
export interface SqliteSettings {
  readonly file: string
  /** Default FULL. Anything less needs `isUnsafe`. */
  readonly synchronous?: 'FULL' | 'NORMAL' | 'OFF'
  /** Takes what the machine gives: commits that were acknowledged may be lost with the machine. */
  readonly isUnsafe?: boolean
}

/** An open database. */
export interface OpenDatabase {
  readonly database: Database.Database
  readonly isDurable: boolean
}

/** Version of the tables. */
export const SCHEMA_VERSION = 1
const BUSY_MS = 5_000

const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE workspaces (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL, rolling BLOB NOT NULL, bytes INTEGER NOT NULL, replicas INTEGER NOT NULL);
  CREATE TABLE commits (
    workspace INTEGER NOT NULL, position INTEGER NOT NULL, replica TEXT NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, timestamp INTEGER NOT NULL, voided INTEGER NOT NULL,
    size INTEGER NOT NULL, hash BLOB NOT NULL, previous BLOB NOT NULL, rolling BLOB NOT NULL,
    envelope BLOB NOT NULL, bytes BLOB NOT NULL);
  CREATE UNIQUE INDEX commits_by_position ON commits (workspace, position, voided, replica, last, size);
  CREATE UNIQUE INDEX commits_by_end ON commits (workspace, replica, last) WHERE voided = 0;
  CREATE TABLE replicas (
    workspace INTEGER NOT NULL, replica TEXT NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL,
    timestamp INTEGER NOT NULL, subject TEXT, PRIMARY KEY (workspace, replica)) WITHOUT ROWID;
  CREATE TABLE replaced (
    workspace INTEGER NOT NULL, replica TEXT NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (workspace, replica, sequence, hash)) WITHOUT ROWID;
  CREATE TABLE seen (
    workspace TEXT NOT NULL, replica TEXT NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (workspace, replica)) WITHOUT ROWID;
  CREATE TABLE streams (
    workspace TEXT NOT NULL, stream TEXT NOT NULL, position INTEGER NOT NULL, mark BLOB NOT NULL,
    PRIMARY KEY (workspace, stream)) WITHOUT ROWID;
  CREATE TABLE revoked (subject TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
`

/**
 * Opens the file, making its tables when it is new; `epoch` becomes the epoch of a new one. Errors: `STORE_UNSAFE` when the
 * machine gives less than was asked for, `FORMAT_NEWER`, `STORAGE_UNAVAILABLE`.
 */
export function openDatabase(settings: SqliteSettings, epoch: string): OpenDatabase {
  const database = openFile(settings.file)
  try {
    const isDurable = insistOnDurability(database, settings)
    createTables(database, epoch)
    refuseNewer(database, settings.file)
    return { database, isDurable }
  } catch (cause) {
    database.close()
    throw cause
  }
}

function openFile(file: string): Database.Database {
  try {
    const database = new Database(file)
    database.pragma(`busy_timeout=${BUSY_MS}`)
    return database
  } catch (cause) {
    throw unavailable(file, cause)
  }
}

function insistOnDurability(database: Database.Database, settings: SqliteSettings): boolean {
  const { file, synchronous = 'FULL', isUnsafe = false } = settings
  const mode = readPragma(database, 'journal_mode=WAL', 'journal_mode', file)
  database.pragma(`synchronous=${synchronous}`)
  const effective = readPragma(database, 'synchronous', 'synchronous', file)
  const isDurable = mode === 'wal' && Number(effective) >= 2
  if (isDurable || isUnsafe) return isDurable
  throw new HeadwaterError(
    'STORE_UNSAFE',
    `The store would lose acknowledged commits with the machine: journal ${mode}, synchronous ${effective}.`,
    {
      hint: 'Keep the data on a local disk, with synchronous FULL; or accept the loss with --unsafe.',
      facts: { journalMode: String(mode), synchronous: Number(effective) },
    },
  )
}

function readPragma(database: Database.Database, pragma: string, column: string, file: string): unknown {
  try {
    const [row] = database.pragma(pragma) as readonly Record<string, unknown>[] // libsql gives a list of rows
    return row?.[column]
  } catch (cause) {
    throw unavailable(file, cause)
  }
}

function createTables(database: Database.Database, epoch: string): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    const isNew = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'meta'").get() === undefined
    if (isNew) {
      database.exec(TABLES)
      const put = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)')
      put.run('schema', String(SCHEMA_VERSION))
      put.run('epoch', epoch)
    }
    database.exec('COMMIT')
  } catch (cause) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw cause
  }
}

function refuseNewer(database: Database.Database, file: string): void {
  const version = Number(readMeta(database, 'schema'))
  if (version === SCHEMA_VERSION) return
  throw new HeadwaterError(
    'FORMAT_NEWER',
    `The store ${file} has the format ${version}, which this hub does not know.`,
    {
      hint: 'A newer hub wrote it: update this one.',
      facts: { version },
    },
  )
}

/** A value of the table `meta`. */
export function readMeta(database: Database.Database, key: string): string {
  return prepare(database, 'SELECT value FROM meta WHERE key = ?').get(key)?.text('value') ?? ''
}

function unavailable(file: string, cause: unknown): HeadwaterError {
  return new HeadwaterError('STORAGE_UNAVAILABLE', `The store ${file} cannot be opened.`, {
    hint: 'Check that the directory exists and may be written, and that the file is a store of the hub.',
    cause,
  })
}
