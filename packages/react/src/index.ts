/**
 * React hooks for Headwater: `DatabaseProvider` hands an open database down, `useQuery` and `useSuspenseQuery` follow
 * answers, `useAppend` stores events, `useDocument` holds a document open, `useStatus` shows how log and views fare,
 * `useSync` and `usePresence` how replication does and who is here. Safe under StrictMode and on the server.
 */
export { DatabaseProvider, type DatabaseProviderProps, useDatabase } from './database-provider.tsx'
export { type Append, type AppendState, useAppend } from './use-append.ts'
export { type DocumentState, type OpensDocuments, useDocument } from './use-document.ts'
export { usePresence } from './use-presence.ts'
export { type UseQueryOptions, useQuery } from './use-query.ts'
export { useStatus } from './use-status.ts'
export { type AnsweredState, useSuspenseQuery } from './use-suspense-query.ts'
export { type SyncInUse, useSync } from './use-sync.ts'
