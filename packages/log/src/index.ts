/**
 * The public names of `@headwater/log`: events and their definition, the `Log` contract with its memory and IndexedDB
 * implementations, the commit format, and the small ground that all packages stand on (ids, errors, JSON, seams).
 */
export type { StandardSchemaV1 } from '@standard-schema/spec'
export { assert, unreachable } from './assert.ts'
export { CHAIN_START, chainHash } from './chain.ts'
export { type ChainEntry, type ChainVector, createChainVector, HASH_BYTES } from './chains/chain-vector.ts'
export { isTooFarAhead, MAX_DRIFT_MS, msToTimestamp, NO_TIME, nextTimestamp, timestampToMs } from './clock.ts'
export {
  type CommitHead,
  type CommitHeader,
  type Extension,
  encodeCommit,
  lastSequenceOf,
  parseCommit,
  replacesOf,
} from './commit.ts'
export { checkDrafts, MAX_COMMIT_BYTES, MAX_COMMIT_EVENTS, MAX_EVENT_BYTES, packDrafts } from './draft.ts'
export {
  type CheckedDrafts,
  type DraftOutline,
  type EventBody,
  encodeTogether,
  type JoinedBodies,
  joinBodies,
  type PackedDrafts,
} from './encode-drafts.ts'
export { type Enveloped, type EnvelopeKey, MAX_ENVELOPE_BYTES } from './envelopes.ts'
export {
  dataToError,
  type ErrorCode,
  type ErrorData,
  type ErrorDetails,
  errorToData,
  HeadwaterError,
  isHeadwaterError,
} from './error.ts'
export {
  type Draft,
  defineEvent,
  type EventData,
  type EventOptions,
  type EventType,
  type StoredEvent,
} from './event.ts'
export type { Encoding, TypeEntry, WrittenType } from './events-section.ts'
export type {
  Envelopes,
  Exchange,
  LeaderOptions,
  Notes,
  Reissued,
  ReissueOptions,
  SetAside,
} from './exchange.ts'
export {
  bytesToId,
  type CommitId,
  drawId,
  isId,
  type LogId,
  type Offset,
  ORIGIN,
  type ReplicaId,
  type Sequence,
  type Timestamp,
  writeId,
} from './identity.ts'
export { type DestroyPatience, destroyIndexedDbLog } from './indexeddb/destroy.ts'
export { type IndexedDbLogOptions, openIndexedDbLog } from './indexeddb/indexeddb-log.ts'
export {
  checkJson,
  freezeJson,
  type Json,
  type JsonFault,
  type JsonPath,
  MAX_JSON_DEPTH,
  normaliseJson,
  parseJsonFrozen,
  pathToText,
  sameJson,
} from './json.ts'
export { MARK_TYPE } from './judgement.ts'
export { latePart } from './late-part.ts'
export { type Lease, type LeaseBook, NO_LEASE } from './lease.ts'
export {
  type AppendOptions,
  type ChainedCommit,
  type CommitBatch,
  type Durability,
  type EventBatch,
  emptyBatch,
  type Log,
  type LogSize,
  type MergeOptions,
  type MergeResult,
  type PassedOver,
  type ReadCommitsOptions,
  type ReadOptions,
  type Receipt,
  type StoredCommit,
} from './log.ts'
export { createMemoryLog, openMemoryLog } from './memory-log.ts'
export { createMemoryStore, type MemoryLogOptions, type MemoryStore } from './memory-store.ts'
export { defineRawEvent, type RawEventOptions } from './raw-event.ts'
export { createEventRegistry, type EventRegistry, type Lifted } from './registry.ts'
export { encodeReplaced, REPLACES, type Replaced } from './replaces.ts'
export type { Random, Scheduler, WallClock } from './seams.ts'
export { hastenSha256, type Sha256, startSha256 } from './sha256.ts'
export {
  createVersionVector,
  parseVersionVector,
  type VectorEntry,
  type VersionVector,
} from './version-vector.ts'
