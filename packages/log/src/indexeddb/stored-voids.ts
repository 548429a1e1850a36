/**
 * What is voided, as it lies in the log's database: one value, read again only when its version has changed. What cannot
 * be read is refused, since without it voided commits would stand again.
 */
import { HASH_BYTES } from '../chains/chain-vector.ts'
import { isId } from '../identity.ts'
import { NO_VOIDS, type Voids } from '../voids.ts'
import { VOIDS } from './database.ts'
import { unavailable } from './database-refusals.ts'
import { answerOf } from './request.ts'

/** Reads what is voided in `version`; `known` when that is it. Errors: `STORAGE_UNAVAILABLE`. */
export async function readVoids(
  meta: IDBObjectStore,
  version: number,
  known: Voids | undefined,
  name: string,
): Promise<Voids> {
  if (known?.version === version) return known
  if (version === NO_VOIDS.version) return NO_VOIDS
  const stored: unknown = await answerOf(meta.get(VOIDS))
  if (!isVoids(stored) || stored.version !== version)
    throw unavailable(name, 'what is voided in it cannot be read')
  return stored
}

/** Stores what is voided; its version goes into the identity. */
export function writeVoids(meta: IDBObjectStore, voids: Voids): void {
  meta.put(voids, VOIDS)
}

type Members = Readonly<Record<string, unknown>>

function isVoids(stored: unknown): stored is Voids {
  if (!isObject(stored)) return false
  const { version, commits, reissues, falls } = stored
  return isCount(version) && isList(commits, isVoided) && isList(reissues, isReissue) && isList(falls, isFall)
}

function isVoided(each: Members): boolean {
  const { firstOffset, count, replica, firstSequence, commitId, hash, reason } = each
  const isPlace = isCount(firstOffset) && isCount(count) && isCount(firstSequence)
  return (
    isPlace &&
    isId(replica) &&
    isId(commitId) &&
    isHash(hash) &&
    (reason === 'replaced' || reason === 'aside')
  )
}

function isReissue({ by, replaces, isDuplicate }: Members): boolean {
  return isObject(by) && isPlacement(by) && isList(replaces, isReplaced) && typeof isDuplicate === 'boolean'
}

function isReplaced({ replica, sequence, hash }: Members): boolean {
  return isId(replica) && isCount(sequence) && isHash(hash)
}

function isPlacement({ commitId, replica, firstSequence, count, offset, timestamp }: Members): boolean {
  return isId(commitId) && isId(replica) && [firstSequence, count, offset, timestamp].every(isCount)
}

function isFall({ version, from }: Members): boolean {
  return isCount(version) && isCount(from)
}

function isList(value: unknown, isMember: (each: Members) => boolean): boolean {
  return Array.isArray(value) && value.every((each: unknown) => isObject(each) && isMember(each))
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isHash(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === HASH_BYTES
}
