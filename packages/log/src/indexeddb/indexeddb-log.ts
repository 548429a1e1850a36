/**
 * The log in IndexedDB, composed: connection, writer, reader, packer and tail behind the `Log` contract. It only wires and
 * keeps the head that this handle knows of; every tab has a handle of its own on the same database.
 */

import type { CommitHead } from '../commit.ts'
import { type PackedDrafts, packDrafts } from '../draft.ts'
import { fork, parseForeign } from '../foreign.ts'
import type { Head } from '../head.ts'
import type { Offset } from '../identity.ts'
import { createHeadListeners } from '../listeners.ts'
import type { AppendOptions, Log, MergeResult, Receipt } from '../log.ts'
import { isPacked } from '../memory-log.ts'
import { closed, refuseAborted } from '../refusals.ts'
import type { EventRegistry } from '../registry.ts'
import { DEFAULT_MAX_BYTES } from '../run.ts'
import type { Random, Scheduler, WallClock } from '../seams.ts'
import { type CommitIndex, createCommitIndex } from './commit-index.ts'
import { type Connection, openConnection } from './connection.ts'
import { META, RECORDS, readIdentity } from './database.ts'
import { createAppendJob, createMergeJob, type JobOptions } from './job.ts'
import { packAll } from './packer.ts'
import { platformFactory, platformKeyRange } from './platform.ts'
import { createReader, type Reader } from './reader.ts'
import { answerOf } from './request.ts'
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
  /** After which a transaction counts as lost, and is looked for on a fresh handle. Default 20,000 ms. */
  readonly writeDeadlineMs?: number
  /** Whether this engine is known to keep `durability: 'strict'`; only then a receipt says `durable`. Default false. */
  readonly strictHonoured?: boolean
}

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
  })
  const found = await connection.use((database) => readHead(database, name))
  return composeLog(connection, found, keyRange, options)
}

function composeLog(
  connection: Connection,
  found: StoredHead,
  keyRange: typeof IDBKeyRange,
  options: IndexedDbLogOptions,
): Log {
  const { events, random, name } = options
  const listeners = createHeadListeners()
  const tail = createTail()
  let head = (found.head.nextOffset - 1) as Offset
  let replica = found.head.replica
  let isClosed = false

  const learn = (to: Offset): Offset => {
    if (to > head) {
      head = to
      listeners.tell(head)
    }
    return head
  }
  const refuseClosed = (signal?: AbortSignal): void => {
    if (isClosed) throw closed('log')
    refuseAborted(signal)
  }
  const reader = createReader({ connection, keyRange, events, tail, head: () => head })
  const writer = createWriter(
    {
      ...options,
      connection,
      keyRange,
      deadlineMs: options.writeDeadlineMs ?? 20_000,
      strictHonoured: options.strictHonoured ?? false,
      findCommits: reader.findCommits,
      onWritten: (records, after, wasStale) => {
        tail.push(records, wasStale)
        replica = after.replica
        learn((after.nextOffset - 1) as Offset)
      },
    },
    found,
  )
  const index = createCommitIndex(reader)
  const lookAgain = async (): Promise<Head> => {
    const stored = await connection.use((database) => readHead(database, name))
    if (!stored.mustRenew) writer.believe(stored.head)
    learn((stored.head.nextOffset - 1) as Offset)
    return stored.head
  }

  return {
    id: connection.identity.id,
    get head() {
      return head
    },
    get replica() {
      return replica
    },
    get readOnly() {
      return writer.readOnly
    },
    refresh: async () => {
      refuseClosed()
      await lookAgain()
      return head
    },
    append: async (drafts, appendOptions = {}) => {
      refuseClosed(appendOptions.signal)
      const packed = isPacked(drafts) ? drafts : packDrafts(drafts, events, random)
      const { retriedSince } = appendOptions
      const stored = retriedSince === undefined ? undefined : await storedBefore(packed, retriedSince, reader)
      return stored ?? submitAppend(writer, packed, appendOptions)
    },
    merge: async (commits, appendOptions = {}) => {
      refuseClosed(appendOptions.signal)
      return mergeAll(writer, index, parseForeign(commits), appendOptions)
    },
    read: async (after, readOptions = {}) => {
      refuseClosed(readOptions.signal)
      return reader.read(after, readOptions)
    },
    readAt: async (offsets, signal) => {
      refuseClosed(signal)
      return reader.readAt(offsets, signal)
    },
    readCommits: async (after, { maxBytes = DEFAULT_MAX_BYTES, signal } = {}) => {
      refuseClosed(signal)
      return reader.readCommits(after, maxBytes, signal)
    },
    vector: async () => {
      refuseClosed()
      return (await lookAgain()).vector
    },
    subscribe: (listener) => listeners.add(listener),
    hint: (to) => {
      if (!isClosed) learn(to)
    },
    pack: async (signal) => {
      refuseClosed(signal)
      return { recordsPacked: await packAll(connection, keyRange, signal) }
    },
    size: async () => {
      refuseClosed()
      const records = await connection.use((database) => countRecords(database))
      return { records, bytes: (await lookAgain()).storedBytes }
    },
    close: async () => {
      isClosed = true
      listeners.clear()
      await writer.close()
      tail.clear()
      connection.close()
    },
  }
}

async function readHead(database: IDBDatabase, name: string): Promise<StoredHead> {
  const transaction = database.transaction([RECORDS, META])
  const { replica } = await readIdentity(transaction.objectStore(META), name)
  return readStoredHead(transaction.objectStore(RECORDS), replica)
}

function countRecords(database: IDBDatabase): Promise<number> {
  return answerOf(database.transaction(RECORDS).objectStore(RECORDS).count())
}

/** The receipt of an append that may have been stored by an earlier try. */
async function storedBefore(
  packed: PackedDrafts,
  since: Offset,
  reader: Reader,
): Promise<Receipt | undefined> {
  const receipts = await reader.findCommits(new Set([packed.commitId]), since)
  return receipts.get(packed.commitId)
}

function submitAppend(writer: Writer, packed: PackedDrafts, options: AppendOptions): Promise<Receipt> {
  const { job, receipt } = createAppendJob(packed, jobOptions(options))
  writer.submit(job)
  return receipt
}

/** Merges; held commits are compared with the stored ones first, and again for those that another tab brought meanwhile. */
async function mergeAll(
  writer: Writer,
  index: CommitIndex,
  commits: readonly CommitHead[],
  options: AppendOptions,
): Promise<MergeResult> {
  const compared = new Set<CommitHead>()
  for (;;) {
    const { job, outcome } = createMergeJob(commits, compared, jobOptions(options))
    writer.submit(job)
    const { merged, duplicates, uncompared, head } = await outcome
    if (uncompared.length === 0) return { merged, duplicates, head }
    for (const commit of uncompared) {
      if ((await index.compare(commit)) === 'other') throw fork(commit)
      compared.add(commit)
    }
  }
}

function jobOptions({ durability = 'relaxed', signal }: AppendOptions): JobOptions {
  return { durability, signal }
}
