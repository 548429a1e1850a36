/** The public names of `@headwater/hub`. */
export { isWorkspaceName } from '@headwater/replication'
export { attachHub, type Hub, type HubOptions } from './attach-hub.ts'
export {
  type Access,
  type AccessRequest,
  type Authenticate,
  openAccess,
  type Right,
  unauthorized,
} from './auth/access.ts'
export { createJwtAuthenticate, type JwtOptions, MIN_SECRET_BYTES } from './auth/jwt.ts'
export {
  type DataDirectory,
  readStampKey,
  takeDataDirectory,
} from './data/data-directory.ts'
export { createHubCore, type HubCore, type HubCoreOptions } from './hub-core.ts'
export { DEFAULT_HUB_LIMITS, type HubLimits } from './hub-limits.ts'
export type { HubLog } from './hub-log.ts'
export { createHubSource, type HubSourceParts } from './hub-source.ts'
export type { HubConnection } from './members.ts'
export { type HubPlatform, nodePlatform } from './platform.ts'
export { type Envelope, encodeEnvelope, parseEnvelope } from './store/envelope.ts'
export { createMemoryHubStore, type MemoryBackup, type MemoryHubStore } from './store/memory-store.ts'
export { openSqliteStore, type SqliteStoreOptions } from './store/sqlite/sqlite-store.ts'
export * from './store/store.ts'
export { createWorkspaces, type LiveWorkspace, type Workspaces } from './workspaces.ts'
