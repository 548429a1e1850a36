/**
 * Who a log is and what goes with it, one value of its database: ids now and before, what the wall clock lacks, and which
 * version of the voids holds. It is read together with the head wherever the head is read.
 */
import { drawId, isId, type LogId, type ReplicaId } from '../identity.ts'
import type { Random } from '../seams.ts'
import { newer, unavailable } from './database-refusals.ts'
import { answerOf } from './request.ts'

/** Who a log is. */
export interface Identity {
  readonly id: LogId
  readonly replica: ReplicaId
  /** Replica ids that it had before. */
  readonly former: readonly ReplicaId[]
  /** The version of what is voided; 0 when nothing ever was. */
  readonly voidsVersion: number
  readonly clockOffsetMs: number
}

/** The key of the identity in the store of what is kept once. */
export const IDENTITY = 'identity'
/** The version of what the stores hold; records and commits have versions of their own. */
const FORMAT = 1

/** The identity of a log that is created. */
export function firstIdentity(random: Random): Identity {
  const id = drawId<LogId>(random)
  const replica = drawId<ReplicaId>(random)
  return { id, replica, former: [], voidsVersion: 0, clockOffsetMs: 0 }
}

/** Reads who this log is. Errors: `FORMAT_NEWER`, `STORAGE_UNAVAILABLE`. */
export async function readIdentity(meta: IDBObjectStore, name: string): Promise<Identity> {
  const stored: unknown = await answerOf(meta.get(IDENTITY))
  if (typeof stored !== 'object' || stored === null) throw unavailable(name, 'its identity is missing')
  const {
    format,
    id,
    replica,
    former = [],
    voidsVersion = 0,
    clockOffsetMs = 0,
  } = stored as Record<string, unknown> // each member is checked below
  if (typeof format === 'number' && format > FORMAT) throw newer(name)
  const isWhole =
    Array.isArray(former) && former.every(isId) && isVersion(voidsVersion) && isNumber(clockOffsetMs)
  if (format !== FORMAT || !isId(id) || !isId(replica) || !isWhole)
    throw unavailable(name, 'its identity cannot be read')
  return {
    id: id as LogId,
    replica: replica as ReplicaId,
    former: former as ReplicaId[],
    voidsVersion: Number(voidsVersion),
    clockOffsetMs: Number(clockOffsetMs),
  }
}

/** Stores who this log is. */
export function writeIdentity(meta: IDBObjectStore, identity: Identity): void {
  meta.put({ format: FORMAT, ...identity }, IDENTITY)
}

/** The identity under another replica id. */
export function renewed(identity: Identity, replica: ReplicaId): Identity {
  return { ...identity, replica, former: [...identity.former, identity.replica] }
}

/** Whose commits a log wrote. */
export function ownIds({ replica, former }: Identity): ReadonlySet<ReplicaId> {
  return new Set([replica, ...former])
}

function isVersion(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value)
}
