/**
 * The public names of `@headwater/replication`: the protocol's messages and their bytes, what a session replicates
 * (`Source`), sessions, the replicator of a log, and the transports.
 */
export * from './limits.ts'
export type * from './messages.ts'
export {
  createNearbyReplicator,
  type NearbyReplicator,
  type NearbyReplicatorOptions,
} from './nearby/nearby.ts'
export type { NearbyMessage } from './nearby/nearby-message.ts'
export {
  createNearbyTransport,
  type NearbyChannel,
  type NearbyOptions,
  type NearbyTransport,
  type OpenNearbyChannel,
} from './nearby/nearby-transport.ts'
export { createLogSource, type LogSourceOptions } from './replicator/log-source.ts'
export { readProgress } from './replicator/notebook.ts'
export type { Progress } from './replicator/progress.ts'
export { createReplicator, type Replicator, type ReplicatorOptions } from './replicator/replicator.ts'
export type { ReplicatorState, ReplicatorStatus } from './replicator/status.ts'
export { isWorkspaceName, noSuchWorkspace } from './replicator/workspace.ts'
export { openSession, type Session } from './session/drive.ts'
export type { Party, SessionEvents, SessionOptions } from './session/options.ts'
export { startAcceptor, startInitiator, step } from './session/session.ts'
export type { End, Input, Output, Phase, Refusal, SessionConfig, State, Step } from './session/state.ts'
export type { Outcome, ReadBatch, ReadRequest, Source } from './source.ts'
export {
  type Connection,
  type ConnectionListener,
  createInbox,
  type Inbox,
  type Transport,
} from './transport.ts'
export { createMemoryPair, type Later } from './transports/memory.ts'
export {
  createSocketConnection,
  createWebSocketTransport,
  type Socket,
  type SocketFactory,
} from './transports/websocket.ts'
export { encodeMessage } from './wire/encode.ts'
export { parseMessage } from './wire/parse.ts'
