/** The public names of `@headwater/hub`. */
export { type HubPlatform, nodePlatform } from './platform.ts'
export { createMemoryHubStore, type MemoryBackup, type MemoryHubStore } from './store/memory-store.ts'
export { openSqliteStore, type SqliteStoreOptions } from './store/sqlite/sqlite-store.ts'
export * from './store/store.ts'
