/**
 * The public names of `@headwater/replication`: the protocol's messages and their bytes, what a session replicates
 * (`Source`), sessions, the replicator of a log, and the transports.
 */
export * from './limits.ts'
export type * from './messages.ts'
export type { Outcome, ReadBatch, ReadRequest, Source } from './source.ts'
export { encodeMessage } from './wire/encode.ts'
export { parseMessage } from './wire/parse.ts'
