/**
 * Backing up and restoring a hub's database. A backup is one consistent file, made while the hub runs. Restoring mints an
 * epoch, by which clients notice that the hub may have forgotten, and send again what it lost; it keeps what is known of
 * revocations, because a token must not come back to life.
 */
import { existsSync } from 'node:fs'
import { copyFile, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { drawId, HeadwaterError, type LogId, type Random } from '@headwater/log'
import Database from 'libsql'
import { configInvalid } from '../config-invalid.ts'
import { readMeta, SCHEMA_VERSION } from '../store/sqlite/schema.ts'
import { prepare } from '../store/sqlite/statement.ts'

/** Writes a copy of the database to a file that does not exist yet; the hub may be running. Errors: `CONFIG_INVALID`. */
export async function backUp(database: string, target: string): Promise<void> {
  if (!existsSync(database)) throw configInvalid(`There is no database ${database}.`)
  if (existsSync(target))
    throw configInvalid(`The file ${target} exists.`, 'Name a file that does not exist yet.')
  const source = new Database(database)
  try {
    source.pragma('busy_timeout=5000')
    prepare(source, 'VACUUM INTO ?').run(target)
  } finally {
    source.close()
  }
  await syncFile(target)
}

/**
 * Puts a backup in the place of the database, whose data directory the caller has taken; an existing one must be given up by
 * `isForced`. Errors: `CONFIG_INVALID`, `STORAGE_UNAVAILABLE` when the backup is none.
 */
export async function restore(
  backup: string,
  database: string,
  { isForced, random }: { readonly isForced: boolean; readonly random: Random },
): Promise<{ readonly epoch: string }> {
  if (!existsSync(backup)) throw configInvalid(`There is no file ${backup}.`)
  if (existsSync(database) && !isForced)
    throw configInvalid(`There is a database ${database} already.`, 'Give it up with --force.')
  const fresh = `${database}.restoring`
  await rm(fresh, { force: true })
  await copyFile(backup, fresh)
  const epoch = drawId<LogId>(random)
  beginEpoch(fresh, epoch, existsSync(database) ? closeOld(database) : [])
  await syncFile(fresh)
  await rename(fresh, database)
  await syncFile(dirname(database))
  return { epoch }
}

interface Revoked {
  readonly subject: string
  readonly at: number
}

function beginEpoch(file: string, epoch: string, revoked: readonly Revoked[]): void {
  const database = new Database(file)
  try {
    const [check] = prepare(database, 'PRAGMA quick_check').all()
    const isWhole =
      check?.text('quick_check') === 'ok' && Number(readMeta(database, 'schema')) === SCHEMA_VERSION
    if (!isWhole) throw noBackup(file, undefined)
    prepare(database, "UPDATE meta SET value = ? WHERE key = 'epoch'").run(epoch)
    const revoke = prepare(
      database,
      'INSERT INTO revoked (subject, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)',
    )
    for (const { subject, at } of revoked) revoke.run(subject, at)
  } catch (cause) {
    throw cause instanceof HeadwaterError ? cause : noBackup(file, cause)
  } finally {
    database.close()
  }
}

/** Reads what must survive, and folds the old database's WAL into it: left behind, it would be taken for the new one's. */
function closeOld(file: string): readonly Revoked[] {
  const database = new Database(file)
  try {
    const rows = prepare(database, 'SELECT subject, at FROM revoked').all()
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.pragma('journal_mode=DELETE')
    return rows.map((row) => ({ subject: row.text('subject'), at: row.number('at') }))
  } finally {
    database.close()
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function noBackup(file: string, cause: unknown): HeadwaterError {
  return new HeadwaterError('STORAGE_UNAVAILABLE', `${file} is no backup of a hub, or a damaged one.`, {
    hint: 'Restore another backup; nothing was changed.',
    cause,
  })
}
