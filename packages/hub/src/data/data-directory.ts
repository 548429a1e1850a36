/**
 * The data directory of a hub: the database `hub.db`, and `hub.lock`, which a running hub holds so that no second one opens
 * the same data. The lock is one of the operating system: it ends with the process, however that ends. The stamp key lies
 * outside, so that who gets hold of the data cannot forge whose a commit is.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { HeadwaterError, type Random } from '@headwater/log'
import Database from 'libsql'
import { configInvalid } from '../config-invalid.ts'

/** A directory that nobody else has. */
export interface DataDirectory {
  /** The database. */
  readonly file: string
  /** Gives the directory free. */
  readonly release: () => void
}

/** Where the database of a directory lies. */
export function databaseFile(directory: string): string {
  return join(directory, 'hub.db')
}

/** Makes the directory if there is none, and takes it. Errors: `STORE_IN_USE`, `STORAGE_UNAVAILABLE`. */
export async function takeDataDirectory(directory: string): Promise<DataDirectory> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const lock = takeLock(join(directory, 'hub.lock'))
    return { file: databaseFile(directory), release: () => lock.close() }
  } catch (cause) {
    throw toRefusal(directory, cause)
  }
}

function takeLock(file: string): Database.Database {
  const lock = new Database(file)
  try {
    lock.pragma('journal_mode=DELETE')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock.close()
    throw cause
  }
}

function toRefusal(directory: string, cause: unknown): HeadwaterError {
  const isBusy =
    cause instanceof Error &&
    /SQLITE_BUSY|locked/.test(`${'code' in cause ? cause.code : ''} ${cause.message}`)
  return isBusy
    ? new HeadwaterError('STORE_IN_USE', `Another hub has the data directory ${directory}.`, {
        hint: 'Stop it, or give this one a directory of its own.',
        cause,
      })
    : new HeadwaterError('STORAGE_UNAVAILABLE', `The data directory ${directory} cannot be used.`, {
        hint: 'Check that it may be written and lies on a local disk.',
        cause,
      })
}

const KEY_BYTES = 32

/** Where the stamp key lies when nothing else is said: beside the data directory. */
export function defaultStampKeyFile(directory: string): string {
  return `${resolve(directory)}.stamp-key`
}

/**
 * Reads the stamp key, 64 hexadecimal digits, drawing one when there is no such file. Errors: `CONFIG_INVALID` when the file
 * is inside the data directory or holds something else.
 */
export async function readStampKey(file: string, directory: string, random: Random): Promise<Uint8Array> {
  if (`${resolve(file)}${sep}`.startsWith(`${resolve(directory)}${sep}`))
    throw configInvalid(
      `The stamp key ${file} lies inside the data directory.`,
      'Keep it elsewhere: who copies the data must not get the key with it.',
    )
  const text = await readOrDraw(file, random)
  if (!/^[0-9a-f]{64}\s*$/i.test(text))
    throw configInvalid(`The stamp key ${file} is no 64 hexadecimal digits.`)
  return new Uint8Array(Buffer.from(text.trim(), 'hex'))
}

async function readOrDraw(file: string, random: Random): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
  }
  const text = `${Buffer.from(random.bytes(KEY_BYTES)).toString('hex')}\n`
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text, { mode: 0o600, flag: 'wx' })
  return text
}
