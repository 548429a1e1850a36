/**
 * A log in memory, for tests, servers and pages without storage: the naive twin of the IndexedDB log. Commits lie in one
 * array, one record each, in a `MemoryStore` that several handles may share as tabs share a database. Everything is
 * planned by the same pure functions; nothing survives the process, so that no receipt says `durable`.
 */

import { sameBytes } from './bytes.ts'
import { NO_TIME } from './clock.ts'
import { type CommitHead, joinCommit } from './commit.ts'
import { decodeEventAt, type OpenRecord, openRecord } from './decode.ts'
import { type PackedDrafts, packDrafts } from './draft.ts'
import { HeadwaterError } from './error.ts'
import type { Draft, StoredEvent } from './event.ts'
import { fork, type LastStamp, lastSequenceOf, parseForeign, placeMerge } from './foreign.ts'
import { finishPlan } from './grouping.ts'
import { type Head, type MovingHead, moveHead, placeAppend } from './head.ts'
import { drawId, type LogId, type Offset, type ReplicaId } from './identity.ts'
import { createKnownHead, type KnownHead } from './known-head.ts'
import type { AppendOptions, Log, MergeResult, Receipt } from './log.ts'
import { parseRecord, partsOf, type RecordCommit } from './record.ts'
import { createGate, type Gate } from './refusals.ts'
import type { EventRegistry } from './registry.ts'
import { DEFAULT_MAX_BYTES, readRun, readRunCommits, recordAt } from './run.ts'
import type { Random, WallClock } from './seams.ts'
import { createVersionVector } from './version-vector.ts'

/** What handles on one log in memory share. */
export interface MemoryStore {
  readonly id: LogId
  head: Head
  readonly records: OpenRecord[]
}

/** What a memory log is handed. */
export interface MemoryLogOptions {
  readonly events: EventRegistry
  readonly clock: WallClock
  readonly random: Random
}

/** A fresh, empty store. */
export function createMemoryStore(random: Random): MemoryStore {
  const replica = drawId<ReplicaId>(random)
  const vector = createVersionVector()
  const head = {
    nextOffset: 1 as Offset,
    vector,
    clock: NO_TIME,
    replica,
    recordsSinceWhole: 0,
    storedBytes: 0,
  }
  return { id: drawId<LogId>(random), head, records: [] }
}

/** A log over a store of its own. */
export function createMemoryLog(options: MemoryLogOptions): Log {
  return openMemoryLog(createMemoryStore(options.random), options)
}

/** A handle on a store that others may share; like a tab, it learns of their commits by `refresh` or `hint`. */
export function openMemoryLog(store: MemoryStore, options: MemoryLogOptions): Log {
  const handle: Handle = {
    ...options,
    store,
    known: createKnownHead(lastOffset(store)),
    gate: createGate('log'),
  }
  const { known, gate } = handle
  return {
    ...createWrites(handle),
    ...createReads(handle),
    ...createLooks(handle),
    id: store.id,
    readOnly: undefined,
    get head() {
      return known.offset
    },
    get replica() {
      return store.head.replica
    },
    subscribe: known.subscribe,
    hint: known.learn,
    close: async () => {
      gate.close()
      known.close()
    },
  }
}

interface Handle extends MemoryLogOptions {
  readonly store: MemoryStore
  readonly known: KnownHead
  readonly gate: Gate
}

function createWrites({
  store,
  known,
  gate,
  events,
  clock,
  random,
}: Handle): Pick<Log, 'append' | 'merge' | 'pack'> {
  return {
    append: async (drafts, options = {}) => {
      gate.pass(options.signal)
      const packed = isPacked(drafts) ? drafts : packDrafts(drafts, events, random)
      const receipt = findReceipt(store, packed, options) ?? appendTo(store, packed, clock)
      known.learn(lastOffset(store))
      return receipt
    },
    merge: async (commits, options = {}) => {
      gate.pass(options.signal)
      const result = mergeInto(store, parseForeign(commits), clock)
      known.learn(result.head)
      return result
    },
    pack: async (signal) => {
      gate.pass(signal)
      return { recordsPacked: 0 }
    },
  }
}

function createReads({ store, gate, events, known }: Handle): Pick<Log, 'read' | 'readAt' | 'readCommits'> {
  return {
    read: async (after, options = {}) => {
      gate.pass(options.signal)
      const batch = readRun(store.records, after, events, options)
      known.learn(batch.through)
      return batch
    },
    readAt: async (offsets, signal) => {
      gate.pass(signal)
      return offsets.map((offset) => eventAt(store, offset, events)).filter((event) => event !== undefined)
    },
    readCommits: async (after, { maxBytes = DEFAULT_MAX_BYTES, signal } = {}) => {
      gate.pass(signal)
      return readRunCommits(store.records, after, maxBytes)
    },
  }
}

function createLooks({ store, known, gate }: Handle): Pick<Log, 'refresh' | 'vector' | 'size'> {
  return {
    refresh: async () => {
      gate.pass()
      known.learn(lastOffset(store))
      return known.offset
    },
    vector: async () => {
      gate.pass()
      known.learn(lastOffset(store))
      return store.head.vector
    },
    size: async () => {
      gate.pass()
      const bytes = store.records.reduce((sum, { view }) => sum + view.bytes.length, 0)
      return { records: store.records.length, bytes }
    },
  }
}

/** Whether drafts have been packed already. */
export function isPacked(drafts: readonly Draft[] | PackedDrafts): drafts is PackedDrafts {
  return !Array.isArray(drafts)
}

function lastOffset(store: MemoryStore): Offset {
  return (store.head.nextOffset - 1) as Offset
}

function appendTo(store: MemoryStore, packed: PackedDrafts, clock: WallClock): Receipt {
  const moving = moveHead(store.head, clock.now())
  const placement = placeAppend(moving, packed)
  storePlan(store, moving)
  return { ...placement, held: 'committed' }
}

function mergeInto(store: MemoryStore, commits: readonly CommitHead[], clock: WallClock): MergeResult {
  const moving = moveHead(store.head, clock.now())
  const compared = new Set(commits.filter((commit) => isHeld(store, commit)))
  const stamps = new Map(commits.map((commit) => [commit.replica, lastStamp(store, commit.replica)]))
  const plan = placeMerge(moving, commits, { compared, stamps })
  if (plan instanceof HeadwaterError) throw plan
  if (plan.uncompared.length > 0) throw fork(plan.uncompared[0]!)
  storePlan(store, moving)
  return { merged: plan.merged, duplicates: plan.duplicates, head: lastOffset(store) }
}

function storePlan(store: MemoryStore, moving: MovingHead): void {
  const plan = finishPlan(store.head, moving)
  for (const { firstOffset, bytes } of plan.records) {
    const view = parseRecord(firstOffset, bytes)
    if (view instanceof HeadwaterError) throw view
    const record = openRecord(view)
    if (record instanceof HeadwaterError) throw record
    store.records.push(record)
  }
  store.head = plan.head
}

function eventAt(store: MemoryStore, offset: Offset, events: EventRegistry): StoredEvent | undefined {
  const record = recordAt(store.records, offset)
  return record && decodeEventAt(record, offset, events)
}

function findReceipt(store: MemoryStore, packed: PackedDrafts, options: AppendOptions): Receipt | undefined {
  if (options.retriedSince === undefined) return undefined
  const found = findCommit(store, ({ head }) => head.commitId === packed.commitId)
  if (!found) return undefined
  const { commitId, replica, firstSequence, count, timestamp } = found.head
  const offset = (found.firstOffset + count - 1) as Offset
  return { commitId, replica, firstSequence, count, timestamp, offset, held: 'committed' }
}

function isHeld(store: MemoryStore, commit: CommitHead): boolean {
  const isIt = ({ head }: RecordCommit): boolean =>
    head.replica === commit.replica && head.firstSequence === commit.firstSequence
  return store.records.some((record) => {
    const stored = record.commits.find(isIt)
    return stored !== undefined && sameBytes(joinCommit(partsOf(record.view, stored)), commit.bytes)
  })
}

function lastStamp(store: MemoryStore, replica: ReplicaId): LastStamp {
  const last = store.head.vector.get(replica)
  const found = findCommit(store, ({ head }) => head.replica === replica && lastSequenceOf(head) === last)
  return { sequence: last, timestamp: found?.head.timestamp ?? NO_TIME }
}

function findCommit(store: MemoryStore, isIt: (commit: RecordCommit) => boolean): RecordCommit | undefined {
  for (const record of store.records) {
    const found = record.commits.find(isIt)
    if (found) return found
  }
  return undefined
}
