/**
 * One writing transaction: records added behind the head that the writer believes in, and the belief checked on the way.
 *
 * The question "is anything at or behind my first key?" is issued when the transaction begins and not awaited, so that the
 * usual case costs one round trip, in which the records are made. Any answer means that another tab wrote: what was added is
 * taken back, the true head is read, and the same work is planned and added again, still in this transaction, so that
 * nobody can come between.
 */
import type { FinishedPlan } from '../grouping.ts'
import type { Head } from '../head.ts'
import { drawId, type ReplicaId } from '../identity.ts'
import type { Durability } from '../log.ts'
import type { Random, Scheduler } from '../seams.ts'
import { META, RECORDS } from './database.ts'
import { abortIfOpen, answerOf, endOf, tryAdd, withDeadline } from './request.ts'
import { readStoredHead } from './stored-head.ts'
import { type Identity, renewed, writeIdentity } from './stored-identity.ts'
import { writeVoids } from './stored-voids.ts'

/** Work for a transaction: a function of the head, so that it can be planned again. */
export interface Work {
  /** Plans behind `head`; the last plan counts. */
  plan(head: Head): FinishedPlan
  /** Whether the last plan refused something, which only the true head can justify. */
  needsTruth(): boolean
  /** Looks at what is kept once before anything is planned. */
  readonly guard?: ((meta: IDBObjectStore) => Promise<void>) | undefined
  /** Looks at records behind the true head before it is planned there; such work is never planned from belief. */
  readonly look?: ((records: IDBObjectStore, head: Head) => Promise<void>) | undefined
}

/** What a transaction needs beside the database. */
export interface WriteOptions {
  readonly name: string
  readonly keyRange: typeof IDBKeyRange
  readonly random: Random
  readonly scheduler: Scheduler
  readonly deadlineMs: number
}

/** A transaction that has begun, with its question under way. It ends by itself unless work follows in the same task. */
export interface Begun {
  readonly database: IDBDatabase
  readonly durability: Durability
  readonly believed: Head | undefined
  readonly transaction: IDBTransaction
  readonly end: Promise<void>
  /** Any key at or behind the believed next one; unasked without a belief. */
  readonly question: Promise<IDBValidKey | undefined> | undefined
}

/** How a transaction stands to those before and behind it. */
export interface Order {
  /** Asked once the belief has been answered: whether the transaction that the belief rests on has committed. */
  readonly isGrounded: () => boolean
  /** Called when the last request has been made and nothing but committing is left. */
  readonly onHandedOver: (written: FinishedPlan) => void
}

/** Begins a transaction. Throws what IndexedDB throws on a handle that is closed. */
export function begin(
  database: IDBDatabase,
  believed: Head | undefined,
  durability: Durability,
  keyRange: typeof IDBKeyRange,
): Begun {
  const transaction = database.transaction([RECORDS, META], 'readwrite', { durability })
  const end = endOf(transaction)
  const question =
    believed && answerOf(transaction.objectStore(RECORDS).getKey(keyRange.lowerBound(believed.nextOffset)))
  end.catch(() => undefined) // who writes here awaits it; a transaction that is given up has nothing to tell
  question?.catch(() => undefined)
  return { database, durability, believed, transaction, end, question }
}

/**
 * Stores the work and resolves when it has committed; with undefined, nothing stored, when the belief rested on a transaction
 * that is not known to have committed.
 */
export async function write(
  begun: Begun,
  work: Work,
  order: Order,
  options: WriteOptions,
): Promise<FinishedPlan | undefined> {
  const { transaction } = begun
  try {
    const { deadlineMs, scheduler } = options
    return await withDeadline(storeAndCommit(begun, work, order, options), deadlineMs, scheduler)
  } catch (error) {
    const reason = transaction.error ?? error
    abortIfOpen(transaction)
    throw reason
  }
}

async function storeAndCommit(
  begun: Begun,
  work: Work,
  order: Order,
  options: WriteOptions,
): Promise<FinishedPlan | undefined> {
  const written = await store(begun, work, order, options)
  if (!written) {
    abortIfOpen(begun.transaction)
    return undefined
  }
  begun.transaction.commit()
  order.onHandedOver(written)
  await begun.end
  return written
}

async function store(
  { transaction, believed, question }: Begun,
  work: Work,
  { isGrounded }: Order,
  options: WriteOptions,
): Promise<FinishedPlan | undefined> {
  const records = transaction.objectStore(RECORDS)
  if (work.guard) await work.guard(transaction.objectStore(META))
  if (believed && question) {
    const plan = work.look ? nothingAt(believed) : work.plan(believed)
    const isSure = !work.look && !work.needsTruth() && !plan.voids
    const adds = isSure ? plan.records.map((record) => tryAdd(records, record.bytes, record.firstOffset)) : []
    const isFresh = (await question) === undefined
    if (!isGrounded()) return undefined
    if (isFresh && isSure && plan.records.length > 0) return plan
    await takeBack(records, plan, adds)
  }
  const { head, identity } = await trueHead(transaction, believed, options)
  if (work.look) await work.look(records, head)
  const plan = work.plan(head)
  for (const { firstOffset, bytes } of plan.records) records.add(bytes, firstOffset)
  storeStanding(transaction, identity, head, plan)
  return plan
}

/** Stores what a plan changes beside records: who writes, what the clock lacks, what is voided. */
function storeStanding(
  transaction: IDBTransaction,
  identity: Identity,
  { replica, clockOffsetMs }: Head,
  { head, voids }: FinishedPlan,
): void {
  const meta = transaction.objectStore(META)
  if (voids) writeVoids(meta, voids)
  const isRenewed = head.replica !== replica
  if (!voids && !isRenewed && head.clockOffsetMs === clockOffsetMs) return
  const after = isRenewed ? renewed(identity, head.replica) : identity
  writeIdentity(meta, { ...after, clockOffsetMs: head.clockOffsetMs, voidsVersion: head.voids.version })
}

function nothingAt(head: Head): FinishedPlan {
  return { records: [], head }
}

async function takeBack(
  records: IDBObjectStore,
  plan: FinishedPlan,
  adds: readonly Promise<boolean>[],
): Promise<void> {
  if (adds.length === 0) return
  const added = await Promise.all(adds)
  plan.records.forEach(({ firstOffset }, i) => {
    if (added[i]) records.delete(firstOffset)
  })
}

/** The head as stored, under a new replica id where the old one must not write again. */
async function trueHead(
  transaction: IDBTransaction,
  believed: Head | undefined,
  { name, random }: WriteOptions,
): Promise<{ readonly head: Head; readonly identity: Identity }> {
  const { head, mustRenew, identity } = await readStoredHead(transaction, name, believed?.voids)
  if (!mustRenew) return { head, identity }
  const replica = drawId<ReplicaId>(random)
  const own = new Set([...head.own, replica])
  const after = renewed(identity, replica)
  writeIdentity(transaction.objectStore(META), after)
  return { head: { ...head, replica, own }, identity: after }
}
