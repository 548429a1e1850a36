/**
 * The log in IndexedDB, composed: connection, writer, reader, packer and tail behind the `Log` contract. It only wires and
 * keeps the head that this handle knows of; every tab has a handle of its own on the same database.
 */

import { isPacked, packDrafts } from '../draft.ts'
import type { PackedDrafts } from '../encode-drafts.ts'
import type { FinishedPlan } from '../grouping.ts'
import type { Head } from '../head.ts'
import type { Offset } from '../identity.ts'
import { createKnownHead, type KnownHead } from '../known-head.ts'
import { latePart } from '../late-part.ts'
import type { AppendOptions, Log, Receipt } from '../log.ts'
import { createGate, type Gate } from '../refusals.ts'
import { buildOf, type EventRegistry } from '../registry.ts'
import { DEFAULT_MAX_BYTES } from '../run.ts'
import type { Random, Scheduler, WallClock } from '../seams.ts'
import { countAside, NO_VOIDS, type Voids } from '../voids.ts'
import { type Connection, openConnection, withConnection } from './connection.ts'
import { META, RECORDS } from './database.ts'
import { createHarden } from './harden.ts'
import { createAppendJob, type JobOptions } from './job.ts'
import { createLateOthers } from './late-others.ts'
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

const past = latePart('reading the past', () => import('./past.ts'))

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
  const found = await withConnection(connection, (database) => readHead(database, name, NO_VOIDS))
  return composeLog(connection, found, keyRange, options)
}

function composeLog(
  connection: Connection,
  found: StoredHead,
  keyRange: typeof IDBKeyRange,
  options: IndexedDbLogOptions,
): Log {
  const tail = createTail()
  const gate = createGate('log')
  const known = createKnownHead(lastOf(found.head))
  const head = (): Offset => known.offset
  let standing = found.head
  const runs = createRunCache(connection, keyRange, head)
  const context: ReaderContext = { ...options, tail, head, runs, standing: () => standing }
  const onWritten = (written: FinishedPlan): void => {
    tail.push(written.records)
    standing = written.head
    known.learn(lastOf(written.head))
  }
  const writer = openWriter({ ...options, connection, keyRange, context, known, found, onWritten })
  const look = async (): Promise<Head> => {
    gate.pass()
    const stored = await withConnection(connection, (database) =>
      readHead(database, options.name, standing.voids),
    )
    if (!stored.mustRenew) writer.believe(stored.head)
    if (stored.head.nextOffset >= standing.nextOffset) standing = stored.head
    known.learn(lastOf(stored.head))
    return stored.head
  }
  const parts: Parts = { ...options, connection, keyRange, context, writer, known, gate, look }
  return {
    ...createWrites(parts),
    ...createReads(parts),
    ...createLooks(parts),
    ...createLateOthers(gate, { ...parts, reader: context }),
    id: connection.identity.id,
    build: buildOf(options.events),
    get head() {
      return known.offset
    },
    get replica() {
      return standing.replica
    },
    get voidsVersion() {
      return standing.voids.version
    },
    get own() {
      return standing.own
    },
    get clockOffsetMs() {
      return standing.clockOffsetMs
    },
    get readOnly() {
      return writer.readOnly
    },
    subscribe: known.subscribe,
    hint: known.learn,
    close: () => close(parts),
  }
}

interface WriterParts extends IndexedDbLogOptions {
  readonly connection: Connection
  readonly keyRange: typeof IDBKeyRange
  readonly context: ReaderContext
  readonly known: KnownHead
  readonly found: StoredHead
  readonly onWritten: (written: FinishedPlan) => void
}

function openWriter({ context, known, found, ...options }: WriterParts): Writer {
  return createWriter(
    {
      ...options,
      deadlineMs: options.answerDeadlineMs ?? ANSWER_DEADLINE_MS,
      strictHonoured: options.strictHonoured ?? false,
      findReceipts: (ids, since) => findReceipts(context, ids, since),
      onFound: ({ offset }) => known.learn(offset),
    },
    found,
  )
}

/** What the log is put together from. */
interface Parts extends IndexedDbLogOptions {
  readonly connection: Connection
  readonly keyRange: typeof IDBKeyRange
  readonly context: ReaderContext
  readonly writer: Writer
  readonly known: KnownHead
  readonly gate: Gate
  /** Looks into the store. */
  readonly look: () => Promise<Head>
}

function createWrites(parts: Parts): Pick<Log, 'prepare' | 'append' | 'pack'> {
  const { gate, events, random, writer, context, known, connection, keyRange } = parts
  const retries = createRetries((ids, since) => findReceipts(context, ids, since))
  return {
    prepare: (durability = 'relaxed') => writer.prepare(durability),
    // Not `async`, whose turns many appends at once would feel.
    append: (drafts, options = {}) => {
      try {
        gate.pass(options.signal)
        const { retriedSince, durability = 'relaxed' } = options
        if (!isPacked(drafts) && retriedSince === undefined) writer.prepare(durability)
        const packed = isPacked(drafts) ? drafts : packDrafts(drafts, events, random)
        if (retriedSince === undefined && !retries.isPending) return submitAppend(writer, packed, options)
        return retries.pass(packed.commitId, retriedSince, (stored) => {
          if (stored) known.learn(stored.offset)
          return stored ? Promise.resolve(stored) : submitAppend(writer, packed, options)
        })
      } catch (error) {
        return Promise.reject(error)
      }
    },
    pack: async (signal) => {
      gate.pass(signal)
      return { recordsPacked: await packAll(connection, keyRange, signal) }
    },
  }
}

type Reads = Pick<Log, 'read' | 'readAt' | 'lastCommit' | 'readVoided' | 'readCommits'>

function createReads({ gate, context, known, look }: Parts): Reads {
  return {
    read: async (after, options = {}) => {
      gate.pass(options.signal)
      const { batch, lastMarker } = await readEvents(context, after, options)
      known.learn(batch.through) // a run may hold what another tab wrote since the last look
      // Who goes past another tab's marker knows what it says: under which id is written here, and what stands.
      if (lastMarker >= context.standing().nextOffset) await look()
      return batch
    },
    readAt: async (offsets, signal) => {
      gate.pass(signal)
      return readEventsAt(context, offsets, signal)
    },
    lastCommit: async (through) => {
      gate.pass()
      return (await past()).findLastCommit(context, through)
    },
    readVoided: async (through, options = {}) => {
      gate.pass(options.signal)
      return (await past()).readVoidedUpTo(context, through, options)
    },
    readCommits: async (after, { maxBytes = DEFAULT_MAX_BYTES, signal } = {}) => {
      gate.pass(signal)
      return readCommits(context, after, maxBytes, signal)
    },
  }
}

function createLooks(parts: Parts): Pick<Log, 'refresh' | 'vector' | 'size' | 'harden'> {
  const { gate, connection, known, look } = parts
  const harden = createHarden(connection, () => known.offset)
  return {
    harden: async () => {
      gate.pass()
      return harden()
    },
    refresh: async () => {
      await look()
      return known.offset
    },
    vector: async () => (await look()).vector,
    size: async () => {
      const { storedBytes, voids } = await look()
      const records = await withConnection(connection, countRecords)
      return { records, bytes: storedBytes, aside: countAside(voids) }
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

function readHead(database: IDBDatabase, name: string, known: Voids): Promise<StoredHead> {
  return readStoredHead(database.transaction([RECORDS, META]), name, known)
}

function countRecords(database: IDBDatabase): Promise<number> {
  return answerOf(database.transaction(RECORDS).objectStore(RECORDS).count())
}

function submitAppend(writer: Writer, packed: PackedDrafts, options: AppendOptions): Promise<Receipt> {
  const { job, receipt } = createAppendJob(packed, jobOptions(options))
  writer.submit(job)
  return receipt
}

function jobOptions({ durability = 'relaxed', signal }: AppendOptions): JobOptions {
  return { durability, signal }
}
