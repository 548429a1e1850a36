/**
 * What a session is opened with: the connection, who this side is (`Party`), who may come in (`admit`), and who wants to
 * hear of what happens.
 */
import type { ReplicaId, Scheduler, Sequence, WallClock } from '@headwater/log'
import type { Hello, Limits, Position, ResumeToken, Role, StreamId } from '../messages.ts'
import type { Source } from '../source.ts'
import type { Connection } from '../transport.ts'
import type { End, Refusal } from './state.ts'

/** Who this side is in one session: what it replicates, as whom, and what it does when something cannot stand. */
export interface Party {
  readonly source: Source
  readonly workspace: string
  /** Proof for a hub. */
  readonly token?: string
  readonly features?: readonly string[]
  readonly limits?: Limits
  /** How far we have the commits of this stream; of an unknown one, of the stream that was heard last. */
  recall(stream: StreamId | undefined): Promise<ResumeToken | undefined>
  /** Remember it. Losing it costs time, never data. */
  remember(token: ResumeToken | undefined): void
  /** Reissues or sets aside what lost; a side that never gives way (a hub) is never asked. */
  resolveFork(replica: ReplicaId, after: Sequence): Promise<void>
  /** Reissues our own commits behind `after` by the hub's time. */
  resolveStamps(replica: ReplicaId, after: Sequence, hubTimeMs: number): Promise<void>
}

/** What a session tells. All are called in order, none after `ended`. */
export interface SessionEvents {
  /** Both sides compared. */
  readonly live?: (peer: Hello) => void
  /** All that either side held at the beginning is with both. */
  readonly caughtUp?: () => void
  /**
   * The peer has dealt with all of ours up to here (undefined: something of our own before it was held back or refused);
   * so many events were in what it acknowledged now.
   */
  readonly acknowledged?: (position: Position | undefined, events: number) => void
  readonly received?: (events: number) => void
  readonly refused?: (refusal: Refusal) => void
  /** We do not take a commit of the peer, nor what its replica wrote behind it. */
  readonly declined?: (refusal: Refusal) => void
  readonly presence?: (state: Uint8Array) => void
  readonly ended?: (end: End) => void
}

/** What a session is opened with. */
export interface SessionOptions {
  readonly connection: Connection
  readonly role: Role
  /** Who opened the connection gives its party here; who was connected to gives none. */
  readonly party?: Party
  /** Judges the peer's hello: the party that faces it, or a rejection by name. Called once. */
  readonly admit: (hello: Hello) => Promise<Party>
  readonly clock: WallClock
  readonly scheduler: Scheduler
  readonly events?: SessionEvents
  /** Presence messages that are taken in a second; default 10. */
  readonly presencePerSecond?: number
}
