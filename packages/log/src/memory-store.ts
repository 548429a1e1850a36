/**
 * What handles on one log in memory share: the head, the records, and what an IndexedDB log keeps beside its records.
 */
import { NO_TIME } from './clock.ts'
import { type OpenRecord, openRecord, type Reading } from './decode.ts'
import { HeadwaterError } from './error.ts'
import type { FinishedPlan } from './grouping.ts'
import type { Head } from './head.ts'
import { drawId, type LogId, type Offset, type ReplicaId } from './identity.ts'
import type { Json } from './json.ts'
import type { KnownHead } from './known-head.ts'
import { type Lease, NO_LEASE } from './lease.ts'
import { createMemoryStanding, type MemoryStanding, type Standing } from './memory-standing.ts'
import { parseRecord } from './record.ts'
import type { Gate } from './refusals.ts'
import type { EventRegistry } from './registry.ts'
import type { Random, WallClock } from './seams.ts'
import { createVersionVector } from './version-vector.ts'
import { NO_VOIDS } from './voids.ts'

/** What a memory log is handed. */
export interface MemoryLogOptions {
  readonly events: EventRegistry
  readonly clock: WallClock
  readonly random: Random
}

/** What handles on one log in memory share. */
export interface MemoryStore {
  readonly id: LogId
  head: Head
  readonly records: OpenRecord[]
  lease: Lease
  readonly notes: Map<string, Json>
  readonly envelopes: Map<string, Uint8Array>
  readonly standing: MemoryStanding
}

/** One handle. */
export interface MemoryHandle extends MemoryLogOptions {
  readonly store: MemoryStore
  readonly known: KnownHead
  readonly gate: Gate
}

/** A fresh, empty store. */
export function createMemoryStore(random: Random): MemoryStore {
  const replica = drawId<ReplicaId>(random)
  const head: Head = {
    nextOffset: 1 as Offset,
    vector: createVersionVector(),
    clock: NO_TIME,
    replica,
    recordsSinceWhole: 0,
    storedBytes: 0,
    voids: NO_VOIDS,
    clockOffsetMs: 0,
    own: new Set([replica]),
  }
  const id = drawId<LogId>(random)
  return {
    id,
    head,
    records: [],
    lease: NO_LEASE,
    notes: new Map(),
    envelopes: new Map(),
    standing: createMemoryStanding(),
  }
}

/** The last offset stored. */
export function lastOffset(store: MemoryStore): Offset {
  return (store.head.nextOffset - 1) as Offset
}

/** Stores what was planned. */
export function storePlan(store: MemoryStore, plan: FinishedPlan): void {
  for (const { firstOffset, bytes } of plan.records) {
    const view = parseRecord(firstOffset, bytes)
    if (view instanceof HeadwaterError) throw view
    const record = openRecord(view)
    if (record instanceof HeadwaterError) throw record
    store.records.push(record)
  }
  store.head = plan.head
}

/** What stands, with its chain. */
export function standingIn({ standing, records, head }: MemoryStore): Standing {
  return standing.at(records, head.voids)
}

/** How this log's records are decoded. */
export function readingOf({ store, events }: MemoryHandle): Reading {
  return { registry: events, voids: store.head.voids, own: store.head.own }
}
