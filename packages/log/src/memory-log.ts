/**
 * A log in memory, for tests, servers and pages without storage: the naive twin of the IndexedDB log. Commits lie in one
 * array, one record each, in a `MemoryStore` that several handles may share as tabs share a database. Everything is
 * planned by the same pure functions; nothing survives the process, so that no receipt says `durable`.
 */

import { decodeEventAt } from './decode.ts'
import { isPacked, packDrafts } from './draft.ts'
import type { PackedDrafts } from './encode-drafts.ts'
import type { StoredEvent } from './event.ts'
import { parseForeign } from './foreign.ts'
import { finishPlan } from './grouping.ts'
import { moveHead, placeAppend } from './head.ts'
import type { Offset } from './identity.ts'
import { createKnownHead } from './known-head.ts'
import type { AppendOptions, Log, Receipt } from './log.ts'
import { createMemoryExchange } from './memory-exchange.ts'
import { mergeInto } from './memory-merge.ts'
import {
  createMemoryStore,
  lastOffset,
  type MemoryHandle,
  type MemoryLogOptions,
  type MemoryStore,
  readingOf,
  standingIn,
  storePlan,
} from './memory-store.ts'
import { createGate } from './refusals.ts'
import { buildOf, type EventRegistry } from './registry.ts'
import {
  chainedCommit,
  cutCommits,
  DEFAULT_MAX_BYTES,
  lastCommitIn,
  readRun,
  readVoided,
  recordAt,
  storedCommit,
} from './run.ts'
import type { WallClock } from './seams.ts'
import { countAside, rangesUpTo } from './voids.ts'

/** A log over a store of its own. */
export function createMemoryLog(options: MemoryLogOptions): Log {
  return openMemoryLog(createMemoryStore(options.random), options)
}

/** A handle on a store that others may share; like a tab, it learns of their commits by `refresh` or `hint`. */
export function openMemoryLog(store: MemoryStore, options: MemoryLogOptions): Log {
  const handle: MemoryHandle = {
    ...options,
    store,
    known: createKnownHead(lastOffset(store)),
    gate: createGate('log'),
  }
  const { known, gate } = handle
  const { clockOffset, ...exchange } = createMemoryExchange(handle)
  return {
    ...createWrites(handle),
    ...createReads(handle),
    ...createLooks(handle),
    ...exchange,
    id: store.id,
    build: buildOf(options.events),
    readOnly: undefined,
    get head() {
      return known.offset
    },
    get replica() {
      return store.head.replica
    },
    get voidsVersion() {
      return store.head.voids.version
    },
    get own() {
      return store.head.own
    },
    get clockOffsetMs() {
      return clockOffset()
    },
    subscribe: known.subscribe,
    hint: known.learn,
    close: async () => {
      gate.close()
      known.close()
    },
  }
}

function createWrites(handle: MemoryHandle): Pick<Log, 'prepare' | 'append' | 'merge' | 'pack'> {
  const { store, known, gate, events, clock, random } = handle
  return {
    prepare: () => undefined,
    append: async (drafts, options = {}) => {
      gate.pass(options.signal)
      const packed = isPacked(drafts) ? drafts : packDrafts(drafts, events, random)
      const receipt = receiptOf(store, packed, options) ?? appendTo(store, packed, clock)
      known.learn(lastOffset(store))
      return receipt
    },
    merge: async (commits, options = {}) => {
      gate.pass(options.signal)
      const result = mergeInto(handle, parseForeign(commits, options), options.epoch)
      known.learn(result.head)
      return result
    },
    pack: async (signal) => {
      gate.pass(signal)
      return { recordsPacked: 0 }
    },
  }
}

type Reads = Pick<Log, 'read' | 'readAt' | 'lastCommit' | 'readVoided' | 'readCommits' | 'readChained'>

function createReads(handle: MemoryHandle): Reads {
  const { store, gate, events, known } = handle
  return {
    read: async (after, options = {}) => {
      gate.pass(options.signal)
      const reading = readingOf(handle)
      const { batch, marked } = readRun(store.records, after, reading, options)
      const voids = marked.flatMap((range) => readVoided(store.records, range, reading, options))
      known.learn(batch.through)
      return { ...batch, voids }
    },
    readAt: async (offsets, signal) => {
      gate.pass(signal)
      return offsets.map((offset) => eventAt(store, offset, events)).filter((event) => event !== undefined)
    },
    lastCommit: async (through) => {
      gate.pass()
      const { voids } = store.head
      const ends = store.records.map((record) => lastCommitIn(record, through, voids))
      return ends.findLast((end) => end !== undefined)
    },
    readVoided: async (through, options = {}) => {
      gate.pass(options.signal)
      const reading = readingOf(handle)
      return rangesUpTo(reading.voids, through).flatMap((range) =>
        readVoided(store.records, range, reading, options),
      )
    },
    readCommits: async (after, { maxBytes = DEFAULT_MAX_BYTES, signal } = {}) => {
      gate.pass(signal)
      const { commits, through } = cutCommits(store.records, after, maxBytes, store.head.voids)
      return { commits: commits.map(storedCommit), through }
    },
    readChained: async (after, { maxBytes = DEFAULT_MAX_BYTES, signal } = {}) => {
      gate.pass(signal)
      const { commits, through } = cutCommits(store.records, after, maxBytes, store.head.voids)
      const { byOffset } = standingIn(store)
      const chained = commits.map((each) => {
        const { previous } = byOffset.get(each.commit.firstOffset)!
        return chainedCommit(each, previous, store.head.own)
      })
      return { commits: chained, through }
    },
  }
}

function createLooks({ store, known, gate }: MemoryHandle): Pick<Log, 'refresh' | 'vector' | 'size'> {
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
      return { records: store.records.length, bytes, aside: countAside(store.head.voids) }
    },
  }
}

function appendTo(store: MemoryStore, packed: PackedDrafts, clock: WallClock): Receipt {
  const moving = moveHead(store.head, clock.now())
  const placement = placeAppend(moving, packed)
  storePlan(store, finishPlan(store.head, moving))
  return { ...placement, held: 'committed' }
}

function eventAt(store: MemoryStore, offset: Offset, events: EventRegistry): StoredEvent | undefined {
  const record = recordAt(store.records, offset)
  return record && decodeEventAt(record, offset, events)
}

/** The receipt of an append that was stored before, in its standing place. */
function receiptOf(store: MemoryStore, packed: PackedDrafts, options: AppendOptions): Receipt | undefined {
  if (options.retriedSince === undefined) return undefined
  const found = standingIn(store).commits.find(({ head }) => head.commitId === packed.commitId)
  if (!found) return undefined
  const { commitId, replica, firstSequence, count, timestamp } = found.head
  const offset = (found.firstOffset + count - 1) as Offset
  return { commitId, replica, firstSequence, count, timestamp, offset, held: 'committed' }
}
