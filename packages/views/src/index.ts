/**
 * The public names of `@headwater/views`: builders and types of view definitions (safe for pages, they load nothing that
 * folds), the `Views` contract with `createViews`, and the seams that it is handed. Search has its own entry.
 */
export { day, month, week } from './aggregate/calendar.ts'
export { type AggregateOptions, aggregate, type MeasureResults } from './aggregate/define.ts'
export {
  average,
  count,
  countDistinct,
  max,
  min,
  quantile,
  sum,
  type ValueOf,
} from './aggregate/measures.ts'
export { createViews } from './create-views.ts'
export type {
  AggregateDefinition,
  AnyView,
  DocumentsDefinition,
  DocumentText,
  Fold,
  FoldRule,
  IndexDefinition,
  Indexes,
  KeyPart,
  Measure,
  SearchDefinition,
  TableDefinition,
  ViewDefinition,
} from './definition.ts'
export type { FoldWatch } from './group/watch.ts'
export { destroyIndexedDbBaseStore, openIndexedDbBaseStore } from './indexeddb/base-store.ts'
export { createMemoryLocks, type Hold, type Locks } from './locks.ts'
export type {
  BaseStore,
  ManifestDraft,
  ManifestId,
  PageId,
  StoredManifest,
} from './state/base-store.ts'
export { createMemoryBaseStore } from './state/memory-base-store.ts'
export { type NoIndexes, type TableOptions, table } from './table/define.ts'
export type { TableEntry, TableReader } from './table/reader.ts'
export { eventKeys } from './touched.ts'
export type {
  Answer,
  Changes,
  Dependency,
  RowChange,
  Slice,
  StoredSnapshot,
  View,
  ViewRequest,
  ViewState,
  ViewStatus,
} from './view.ts'
export type {
  PastViews,
  ProgressOptions,
  QueryOptions,
  Touched,
  VerifyReport,
  ViewDigest,
  Views,
  ViewsBounds,
  ViewsOptions,
} from './views.ts'
