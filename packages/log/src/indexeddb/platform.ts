/** The platform's own IndexedDB, taken here and nowhere else; everywhere else it is handed in. */
import { unavailable } from './database-refusals.ts'

/** The platform's factory. Errors: `STORAGE_UNAVAILABLE` where there is none. */
export function platformFactory(name: string): IDBFactory {
  const factory: IDBFactory | undefined = globalThis.indexedDB
  if (!factory) throw unavailable(name, 'there is no IndexedDB here')
  return factory
}

/** The key ranges that belong to the platform's factory. */
export function platformKeyRange(): typeof IDBKeyRange {
  return globalThis.IDBKeyRange
}
