/**
 * The log's head, read from its newest records inside a transaction: newest backwards, until one holds the whole version
 * vector. A damaged record on that way costs certainty: what it may have held is counted as used up (offsets), and if this
 * replica's own last sequence may lie in it, the log must go on under a new replica id.
 */
import { laterTimestamp, NO_TIME } from '../clock.ts'
import { HeadwaterError } from '../error.ts'
import { WHOLE_EVERY } from '../grouping.ts'
import type { Head } from '../head.ts'
import type { Offset, ReplicaId } from '../identity.ts'
import { MAX_RECORD_EVENTS, parseRecord, type RecordView } from '../record.ts'
import { createVersionVector, type VectorEntry } from '../version-vector.ts'
import type { Voids } from '../voids.ts'
import { META, RECORDS } from './database.ts'
import { type Identity, ownIds, readIdentity } from './stored-identity.ts'
import { readVoids } from './stored-voids.ts'

/** What the newest records say. */
export interface StoredHead {
  readonly head: Head
  /** Whether this replica's last sequence is uncertain, so that it must not write under its id again. */
  readonly mustRenew: boolean
  readonly identity: Identity
}

/**
 * Reads the head in a transaction over records and what is kept once; `known` are voids that were read before. Errors:
 * `FORMAT_NEWER`, `STORAGE_UNAVAILABLE`.
 */
export async function readStoredHead(
  transaction: IDBTransaction,
  name: string,
  known: Voids | undefined,
): Promise<StoredHead> {
  const meta = transaction.objectStore(META)
  const identity = await readIdentity(meta, name)
  const voids = await readVoids(meta, identity.voidsVersion, known, name)
  const walk = startWalk(identity.replica)
  await eachBackwards(transaction.objectStore(RECORDS), (key, bytes) => walk.see(key, bytes))
  const { head, mustRenew } = walk.result()
  const { clockOffsetMs } = identity
  return { head: { ...head, voids, clockOffsetMs, own: ownIds(identity) }, mustRenew, identity }
}

/** Calls `see` with each record from the newest on, until it says that it has seen enough. */
function eachBackwards(
  records: IDBObjectStore,
  see: (key: number, bytes: unknown) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = records.openCursor(null, 'prev')
    request.onerror = () => reject(request.error ?? new Error('a cursor failed without a reason'))
    request.onsuccess = () => {
      const cursor = request.result
      try {
        if (!cursor || see(Number(cursor.key), cursor.value)) resolve()
        else cursor.continue()
      } catch (error) {
        reject(error)
      }
    }
  })
}

interface Walk {
  /** Takes the next older record; true when no more are needed. */
  see(key: number, bytes: unknown): boolean
  result(): { readonly head: Omit<Head, 'voids' | 'clockOffsetMs' | 'own'>; readonly mustRenew: boolean }
}

function startWalk(replica: ReplicaId): Walk {
  const entries: VectorEntry[] = []
  let nextOffset = 0
  let clock = NO_TIME
  let seen = 0
  let storedBytes = 0
  let mustRenew = false
  let isWhole = false
  let hasDamage = false
  const seeWhole = (view: RecordView): boolean => {
    clock = laterTimestamp(clock, view.clock)
    entries.push(...view.vector)
    isWhole = view.whole
    return view.whole
  }
  return {
    see: (key, bytes) => {
      const view = parseRecord(key, bytes)
      const isDamaged = view instanceof HeadwaterError
      if (isDamaged && view.code === 'FORMAT_NEWER') throw view
      hasDamage ||= isDamaged
      nextOffset ||= isDamaged ? key + MAX_RECORD_EVENTS : view.lastOffset + 1
      if (!isDamaged) {
        storedBytes ||= view.bytesBefore + view.bytes.length
        if (seeWhole(view)) return true
      } else mustRenew ||= !entries.some(([known]) => known === replica)
      seen++
      return false
    },
    result: () => {
      const vector = createVersionVector(entries)
      const offset = (nextOffset || 1) as Offset
      const recordsSinceWhole = isWhole && !hasDamage ? seen : WHOLE_EVERY
      const head = { nextOffset: offset, vector, clock, replica, recordsSinceWhole, storedBytes }
      return { head, mustRenew }
    },
  }
}
