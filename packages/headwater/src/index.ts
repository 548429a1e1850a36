/**
 * What an app imports on its page and in its model: definitions, `openDatabase`, and the types of what it gets. The
 * engine is not among it: the worker's file imports that from `headwater/worker`, and search comes from `headwater/search`.
 */
export {
  type Draft,
  type Durability,
  defineEvent,
  type ErrorCode,
  type ErrorData,
  type EventData,
  type EventOptions,
  type EventType,
  HeadwaterError,
  isHeadwaterError,
  type Json,
  type Offset,
  type Receipt,
  type StoredEvent,
} from '@headwater/log'
export {
  type AggregateDefinition,
  type AnyView,
  aggregate,
  average,
  count,
  countDistinct,
  type DocumentsDefinition,
  day,
  type KeyPart,
  max,
  min,
  month,
  quantile,
  type SearchDefinition,
  sum,
  type TableDefinition,
  table,
  type VerifyReport,
  type ViewDigest,
  type ViewState,
  type ViewStatus,
  week,
} from '@headwater/views'
export type {
  AggregateView,
  Database,
  DatabaseDefinition,
  DatabaseStatus,
  DocumentsView,
  Freshness,
  GroupRow,
  GroupRows,
  HistoryEntry,
  ImportOptions,
  ImportReport,
  LongWork,
  Page,
  Query,
  QueryState,
  RangeOptions,
  SyncedDatabase,
  TableView,
  ViewNameOf,
  ViewOf,
  WatchedView,
} from './database.ts'
export type { DatabaseAt } from './database-at.ts'
export { type DatabaseOptions, defineDatabase } from './define-database.ts'
export type { Insight, StorageReport, TouchedRow } from './insight.ts'
export type { LogWindow, ReadLogOptions } from './log-window.ts'
export { type OpenOptions, openDatabase } from './open-database.ts'
export { MAX_PRESENCE_BYTES, type Presence, type PresenceEntry } from './presence.ts'
export type { Platform, Powers, Storage, TabChannel, TabMessage } from './seams.ts'
export type { SearchHit, SearchOptions, SearchResult, SearchView, Where } from './search-view.ts'
export type { ReachedOptions, RefusedCommit, Sync, SyncState, SyncStatus } from './sync.ts'
export type { SyncPlace } from './sync-place.ts'
export type { SyncSpec } from './sync-spec.ts'
export { type HubOptions, hub, nearby } from './sync-with.ts'
