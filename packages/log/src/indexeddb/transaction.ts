/**
 * One writing transaction: records added behind the head that the writer believes in, and the belief checked on the way.
 *
 * The question "is anything at or behind my first key?" is issued ahead of the adds and not awaited, so that the usual case
 * costs one round trip. Any answer means that another tab wrote: what was added is taken back, the true head is read, and
 * the same work is planned and added again, still in this transaction, so that nobody can come between.
 */
import { assert } from '../assert.ts'
import type { FinishedPlan } from '../grouping.ts'
import type { Head } from '../head.ts'
import { drawId, type ReplicaId } from '../identity.ts'
import type { Durability } from '../log.ts'
import type { Random, Scheduler } from '../seams.ts'
import { META, RECORDS, readIdentity, writeIdentity } from './database.ts'
import { abortIfOpen, answerOf, endOf, tryAdd, withDeadline } from './request.ts'
import { readStoredHead } from './stored-head.ts'

/** Work for a transaction: a function of the head, so that it can be planned again. */
export interface Work {
  /** Plans behind `head`; `isTrue` when the head was read in this very transaction. */
  plan(head: Head, isTrue: boolean): FinishedPlan
  /** Whether the last plan refused something, which only the true head can justify. */
  needsTruth(): boolean
}

/** What a transaction needs beside the database. */
export interface WriteOptions {
  readonly name: string
  readonly keyRange: typeof IDBKeyRange
  readonly random: Random
  readonly scheduler: Scheduler
  readonly deadlineMs: number
}

/** Stores the work in one transaction and resolves when it has committed. */
export async function write(
  database: IDBDatabase,
  believed: Head | undefined,
  work: Work,
  durability: Durability,
  options: WriteOptions,
): Promise<FinishedPlan> {
  const transaction = database.transaction([RECORDS, META], 'readwrite', { durability })
  const end = endOf(transaction)
  try {
    const written = await withDeadline(
      store(transaction, believed, work, options),
      options.deadlineMs,
      options.scheduler,
    )
    transaction.commit()
    await withDeadline(end, options.deadlineMs, options.scheduler)
    return written
  } catch (error) {
    end.catch(() => undefined) // told by the error that is thrown here
    const reason = transaction.error ?? error
    abortIfOpen(transaction)
    throw reason
  }
}

async function store(
  transaction: IDBTransaction,
  believed: Head | undefined,
  work: Work,
  options: WriteOptions,
): Promise<FinishedPlan> {
  const records = transaction.objectStore(RECORDS)
  if (believed) {
    const plan = work.plan(believed, false)
    const isSure = plan.records.length > 0 && !work.needsTruth()
    if (isSure && (await addBehind(records, plan, options.keyRange))) return plan
  }
  const head = await trueHead(transaction, options)
  const plan = work.plan(head, true)
  for (const { firstOffset, bytes } of plan.records) records.add(bytes, firstOffset)
  return plan
}

/** Adds the planned records; false, with nothing left behind, when the belief was stale. */
async function addBehind(
  records: IDBObjectStore,
  plan: FinishedPlan,
  keyRange: typeof IDBKeyRange,
): Promise<boolean> {
  const first = plan.records[0]
  assert(first, 'a plan that stores nothing is not added')
  const question = answerOf(records.getKey(keyRange.lowerBound(first.firstOffset)))
  const adds = plan.records.map(({ bytes, firstOffset }) => tryAdd(records, bytes, firstOffset))
  if ((await question) === undefined) return true
  const added = await Promise.all(adds)
  plan.records.forEach(({ firstOffset }, i) => {
    if (added[i]) records.delete(firstOffset)
  })
  return false
}

/** The head as stored, under a new replica id where the old one must not write again. */
async function trueHead(transaction: IDBTransaction, { name, random }: WriteOptions): Promise<Head> {
  const meta = transaction.objectStore(META)
  const identity = await readIdentity(meta, name)
  const { head, mustRenew } = await readStoredHead(transaction.objectStore(RECORDS), identity.replica)
  if (!mustRenew) return head
  const replica = drawId<ReplicaId>(random)
  writeIdentity(meta, { ...identity, replica })
  return { ...head, replica }
}
