/**
 * The log in IndexedDB, composed: connection, writer, reader, packer and tail behind the `Log` contract. It only wires and
 * keeps the head that this handle knows of; every tab has a handle of its own on the same database.
 */

import type { CommitHead } from '../commit.ts'
import { type PackedDrafts, packDrafts } from '../draft.ts'
import { fork, parseForeign } from '../foreign.ts'
import type { Head } from '../head.ts'
import type { Offset } from '../identity.ts'
import { createKnownHead, type KnownHead } from '../known-head.ts'
import type { AppendOptions, Log, MergeResult, Receipt } from '../log.ts'
import { isPacked } from '../memory-log.ts'
import { createGate, type Gate } from '../refusals.ts'
import type { EventRegistry } from '../registry.ts'
import { DEFAULT_MAX_BYTES } from '../run.ts'
import type { Random, Scheduler, WallClock } from '../seams.ts'
import { type CommitIndex, createCommitIndex } from './commit-index.ts'
import { type Connection, openConnection, withConnection } from './connection.ts'
import { META, RECORDS, readIdentity } from './database.ts'
import { createAppendJob, createMergeJob, type JobOptions } from './job.ts'
import { packAll } from './packer.ts'
import { platformFactory, platformKeyRange } from './platform.ts'
import { findReceipts, type ReaderContext, readCommits, readEvents, readEventsAt } from './reader.ts'
import { answerOf } from './request.ts'
import { createRetries } from './retries.ts'
import { createRunCache } from './run-cache.ts'
import { readStoredHead, type StoredHead } from './stored-head.ts'
import { createTail } from './tail.ts'
import { createWriter, type Writer } from './writer.ts'

/** What the log in IndexedDB is handed. */
export interface IndexedDbLogOptions {
  /** The name of the database. */
  readonly name: string
  readonly events: EventRegistry
  readonly clock: WallClock
  readonly random: Random
  readonly scheduler: Scheduler
  /** Default: the platform's. */
  readonly factory?: IDBFactory
  /** The key ranges that belong to `factory`. Default: the platform's. */
  readonly keyRange?: typeof IDBKeyRange
  /** After which opening fails by name. Default 10,000 ms. */
  readonly openDeadlineMs?: number
  /** After which a transaction, reading or writing, counts as lost and a fresh handle is tried. Default 20,000 ms. */
  readonly answerDeadlineMs?: number
  /** Whether this engine is known to keep `durability: 'strict'`; only then a receipt says `durable`. Default false. */
  readonly strictHonoured?: boolean
}

const ANSWER_DEADLINE_MS = 20_000

/** Opens the log. Errors: `STORAGE_UNAVAILABLE`, `STORAGE_BLOCKED`, `FORMAT_NEWER`. */
export async function openIndexedDbLog(options: IndexedDbLogOptions): Promise<Log> {
  const { name, random, scheduler } = options
  const factory = options.factory ?? platformFactory(name)
  const keyRange = options.keyRange ?? platformKeyRange()
  const connection = await openConnection({
    name,
    factory,
    random,
    scheduler,
    deadlineMs: options.openDeadlineMs ?? 10_000,
    answerDeadlineMs: options.answerDeadlineMs ?? ANSWER_DEADLINE_MS,
  })
  const found = await withConnection(connection, (database) => readHead(database, name))
  return composeLog(connection, found, keyRange, options)
}

function composeLog(
  connection: Connection,
  found: StoredHead,
  keyRange: typeof IDBKeyRange,
  options: IndexedDbLogOptions,
): Log {
  const tail = createTail()
  const known = createKnownHead(lastOf(found.head))
  const head = (): Offset => known.offset
  const context: ReaderContext = { ...options, tail, head, runs: createRunCache(connection, keyRange, head) }
  let { replica } = found.head
  const writer = createWriter(
    {
      ...options,
      connection,
      keyRange,
      deadlineMs: options.answerDeadlineMs ?? ANSWER_DEADLINE_MS,
      strictHonoured: options.strictHonoured ?? false,
      findReceipts: (ids, since) => findReceipts(context, ids, since),
      onFound: ({ offset }) => known.learn(offset),
      onWritten: (written) => {
        tail.push(written.records)
        replica = written.head.replica
        known.learn(lastOf(written.head))
      },
    },
    found,
  )
  const parts: Parts = { ...options, connection, keyRange, context, writer, known, gate: createGate('log') }
  return {
    ...createWrites(parts),
    ...createReads(parts),
    ...createLooks(parts),
    id: connection.identity.id,
    get head() {
      return known.offset
    },
    get replica() {
      return replica
    },
    get readOnly() {
      return writer.readOnly
    },
    subscribe: known.subscribe,
    hint: known.learn,
    close: () => close(parts),
  }
}

/** What the log is put together from. */
interface Parts extends IndexedDbLogOptions {
  readonly connection: Connection
  readonly keyRange: typeof IDBKeyRange
  readonly context: ReaderContext
  readonly writer: Writer
  readonly known: KnownHead
  readonly gate: Gate
}

function createWrites(parts: Parts): Pick<Log, 'append' | 'merge' | 'pack'> {
  const { gate, events, random, writer, context, known, connection, keyRange } = parts
  const index = createCommitIndex(context)
  const retries = createRetries((ids, since) => findReceipts(context, ids, since))
  return {
    append: async (drafts, options = {}) => {
      gate.pass(options.signal)
      const { retriedSince, durability = 'relaxed' } = options
      if (!isPacked(drafts) && retriedSince === undefined) writer.prepare(durability)
      const packed = isPacked(drafts) ? drafts : packDrafts(drafts, events, random)
      if (retriedSince === undefined && !retries.isPending) return submitAppend(writer, packed, options)
      return retries.pass(packed.commitId, retriedSince, async (stored) => {
        if (stored) known.learn(stored.offset)
        return stored ?? submitAppend(writer, packed, options)
      })
    },
    merge: async (commits, options = {}) => {
      gate.pass(options.signal)
      return mergeAll(writer, index, parseForeign(commits), options)
    },
    pack: async (signal) => {
      gate.pass(signal)
      return { recordsPacked: await packAll(connection, keyRange, signal) }
    },
  }
}

function createReads({ gate, context, known }: Parts): Pick<Log, 'read' | 'readAt' | 'readCommits'> {
  return {
    read: async (after, options = {}) => {
      gate.pass(options.signal)
      const batch = await readEvents(context, after, options)
      known.learn(batch.through) // a run may hold what another tab wrote since the last look
      return batch
    },
    readAt: async (offsets, signal) => {
      gate.pass(signal)
      return readEventsAt(context, offsets, signal)
    },
    readCommits: async (after, { maxBytes = DEFAULT_MAX_BYTES, signal } = {}) => {
      gate.pass(signal)
      return readCommits(context, after, maxBytes, signal)
    },
  }
}

function createLooks({
  gate,
  connection,
  known,
  writer,
  name,
}: Parts): Pick<Log, 'refresh' | 'vector' | 'size'> {
  const look = async (): Promise<Head> => {
    gate.pass()
    const { head, mustRenew } = await withConnection(connection, (database) => readHead(database, name))
    if (!mustRenew) writer.believe(head)
    known.learn(lastOf(head))
    return head
  }
  return {
    refresh: async () => {
      await look()
      return known.offset
    },
    vector: async () => (await look()).vector,
    size: async () => {
      const { storedBytes } = await look()
      return { records: await withConnection(connection, countRecords), bytes: storedBytes }
    },
  }
}

/** What was appended before is still stored; what comes after is refused. */
async function close({ gate, known, writer, context, connection }: Parts): Promise<void> {
  gate.close()
  await writer.close()
  known.close()
  context.tail.clear()
  await connection.close()
}

function lastOf(head: Head): Offset {
  return (head.nextOffset - 1) as Offset
}

async function readHead(database: IDBDatabase, name: string): Promise<StoredHead> {
  const transaction = database.transaction([RECORDS, META])
  const { replica } = await readIdentity(transaction.objectStore(META), name)
  return readStoredHead(transaction.objectStore(RECORDS), replica)
}

function countRecords(database: IDBDatabase): Promise<number> {
  return answerOf(database.transaction(RECORDS).objectStore(RECORDS).count())
}

function submitAppend(writer: Writer, packed: PackedDrafts, options: AppendOptions): Promise<Receipt> {
  const { job, receipt } = createAppendJob(packed, jobOptions(options))
  writer.submit(job)
  return receipt
}

/**
 * Merges; held commits are compared with the stored ones first, stamps with those of the commits before, and again for what
 * another tab brought meanwhile.
 */
async function mergeAll(
  writer: Writer,
  index: CommitIndex,
  commits: readonly CommitHead[],
  options: AppendOptions,
): Promise<MergeResult> {
  const compared = new Set<CommitHead>()
  for (;;) {
    const facts = { compared, stamps: index.lastStamps }
    const { job, outcome } = createMergeJob(commits, facts, jobOptions(options))
    writer.submit(job)
    const { merged, duplicates, uncompared, unfollowed, head } = await outcome
    if (uncompared.length + unfollowed.length === 0) {
      for (const commit of commits) index.learnStamp(commit)
      return { merged, duplicates, head }
    }
    for (const commit of uncompared) {
      if ((await index.compare(commit)) === 'other') throw fork(commit)
      compared.add(commit)
    }
    for (const commit of unfollowed) await index.findStampBefore(commit)
  }
}

function jobOptions({ durability = 'relaxed', signal }: AppendOptions): JobOptions {
  return { durability, signal }
}
