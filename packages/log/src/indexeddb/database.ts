/**
 * Opening the log's database: its stores, its identity, and a named refusal within the deadline when the browser does not
 * give it. A database that is opened *again* must still be there: one that vanished is never silently made anew.
 */
import type { HeadwaterError } from '../error.ts'
import type { Random, Scheduler } from '../seams.ts'
import { blocked, newer, unavailable, vanished } from './database-refusals.ts'
import { firstIdentity, writeIdentity } from './stored-identity.ts'

/** Records by first offset. */
export const RECORDS = 'records'
/** What is stored once: `IDENTITY`, and how far packing has come. */
export const META = 'meta'
/** The key of packing's mark in `META`: the last offset before which nothing is left to pack. */
export const PACKED = 'packed'

/** Chain vectors by the offset up to which they are folded. */
export const CHAINS = 'chains'
/** What hubs said of other people's commits, in runs. */
export const ENVELOPES = 'envelopes'
/** The key of what is voided in `META`. */
export const VOIDS = 'voids'
/** The key of the lease in `META`. */
export const LEASE = 'lease'
/** The key of the mark that a strict write leaves in `META`. */
export const HARDENED = 'hardened'
/** What stands before the name of a note in `META`. */
export const NOTE = 'note:'

/** Version 2 has the store `CHAINS`, version 3 `ENVELOPES`. */
const DATABASE_VERSION = 3
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
    request.onupgradeneeded = ({ oldVersion }) => {
      state.hasVanished = mustExist && oldVersion === 0
      if (state.hasVanished || state.isLate) request.transaction?.abort()
      else createStores(request.result, oldVersion, options.random)
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

function createStores(database: IDBDatabase, oldVersion: number, random: Random): void {
  if (oldVersion < 2) database.createObjectStore(CHAINS)
  database.createObjectStore(ENVELOPES)
  if (oldVersion > 0) return
  database.createObjectStore(RECORDS)
  const meta = database.createObjectStore(META)
  writeIdentity(meta, firstIdentity(random))
}

function refusal(name: string, cause: DOMException | null): HeadwaterError {
  return cause?.name === 'VersionError'
    ? newer(name)
    : unavailable(name, cause?.message ?? 'no reason given', cause)
}
