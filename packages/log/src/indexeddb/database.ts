/**
 * Opening the log's database: its stores, its identity, and a named refusal within the deadline when the browser does not
 * give it. A database that is opened *again* must still be there: one that vanished is never silently made anew.
 */
import { HeadwaterError } from '../error.ts'
import { drawId, isId, type LogId, type ReplicaId } from '../identity.ts'
import type { Random, Scheduler } from '../seams.ts'
import { answerOf } from './request.ts'

/** Records by first offset. */
export const RECORDS = 'records'
/** What is stored once: `IDENTITY`, and how far packing has come. */
export const META = 'meta'
/** The key of the identity in `META`. */
export const IDENTITY = 'identity'
/** The key of packing's mark in `META`: the last offset before which nothing is left to pack. */
export const PACKED = 'packed'

const DATABASE_VERSION = 1
/** The version of what the stores hold; records and commits have versions of their own. */
const FORMAT = 1

/** Who this log is. */
export interface Identity {
  readonly id: LogId
  readonly replica: ReplicaId
}

/** What opening needs. */
export interface OpenOptions {
  readonly name: string
  readonly factory: IDBFactory
  readonly random: Random
  readonly scheduler: Scheduler
  readonly deadlineMs: number
}

/**
 * Opens the database. Errors: `STORAGE_UNAVAILABLE`, `STORAGE_BLOCKED`, `FORMAT_NEWER`; `STORAGE_LOST` when it must exist
 * and does not.
 */
export function openDatabase(options: OpenOptions, mustExist: boolean): Promise<IDBDatabase> {
  const { name, factory, scheduler, deadlineMs } = options
  return new Promise((resolve, reject) => {
    const request = factory.open(name, DATABASE_VERSION)
    const state = { isLate: false, isBlocked: false, hasVanished: false }
    const cancel = scheduler.after(deadlineMs, () => {
      state.isLate = true
      reject(state.isBlocked ? blocked(name) : unavailable(name, `no answer within ${deadlineMs} ms`))
    })
    request.onblocked = () => {
      state.isBlocked = true
    }
    request.onupgradeneeded = () => {
      state.hasVanished = mustExist
      if (mustExist || state.isLate) request.transaction?.abort()
      else createStores(request.result, options.random)
    }
    request.onsuccess = () => {
      cancel()
      if (state.isLate) request.result.close()
      else resolve(request.result)
    }
    request.onerror = () => {
      cancel()
      reject(state.hasVanished ? vanished(name) : refusal(name, request.error))
    }
  })
}

/** Reads who this log is. Errors: `FORMAT_NEWER`, `STORAGE_UNAVAILABLE`. */
export async function readIdentity(meta: IDBObjectStore, name: string): Promise<Identity> {
  const stored: unknown = await answerOf(meta.get(IDENTITY))
  if (typeof stored !== 'object' || stored === null) throw unavailable(name, 'its identity is missing')
  const { format, id, replica } = stored as Record<string, unknown> // each member is checked below
  if (typeof format === 'number' && format > FORMAT) throw newer(name)
  if (format !== FORMAT || !isId(id) || !isId(replica)) throw unavailable(name, 'its identity cannot be read')
  return { id: id as LogId, replica: replica as ReplicaId }
}

/** Stores who this log is. */
export function writeIdentity(meta: IDBObjectStore, { id, replica }: Identity): void {
  meta.put({ format: FORMAT, id, replica }, IDENTITY)
}

/** The refusal of a log that was there and is gone. */
export function vanished(name: string): HeadwaterError {
  return new HeadwaterError('STORAGE_LOST', `The log "${name}" was deleted while it was open.`, {
    hint: 'Somebody cleared the site’s data, or destroyed the database: open it again to begin a new one.',
    facts: { name },
  })
}

/** The refusal of storage that cannot be opened. */
export function unavailable(name: string, why: string, cause?: unknown): HeadwaterError {
  return new HeadwaterError('STORAGE_UNAVAILABLE', `The database "${name}" cannot be opened: ${why}.`, {
    hint: 'Private windows, full disks and site settings can forbid storage; reload the page to try again.',
    facts: { name },
    cause,
  })
}

function createStores(database: IDBDatabase, random: Random): void {
  database.createObjectStore(RECORDS)
  const meta = database.createObjectStore(META)
  writeIdentity(meta, { id: drawId<LogId>(random), replica: drawId<ReplicaId>(random) })
}

function refusal(name: string, cause: DOMException | null): HeadwaterError {
  return cause?.name === 'VersionError'
    ? newer(name)
    : unavailable(name, cause?.message ?? 'no reason given', cause)
}

/** The refusal of a database that another tab holds open in an older version, or will not let go. */
export function blocked(name: string): HeadwaterError {
  return new HeadwaterError(
    'STORAGE_BLOCKED',
    `Another tab keeps the database "${name}" from being opened.`,
    {
      hint: 'Close the other tabs of this app and reload.',
      facts: { name },
    },
  )
}

function newer(name: string): HeadwaterError {
  return new HeadwaterError(
    'FORMAT_NEWER',
    `The database "${name}" has a format newer than this build knows.`,
    {
      hint: 'A newer build of the app wrote it: reload the app. Nothing was changed.',
      facts: { name },
    },
  )
}
