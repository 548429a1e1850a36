/**
 * The messages of replication, as types only: what one side of a connection says to the other. PROTOCOL.md writes them as
 * equations with their meaning and limits, `wire.ts` as bytes. Both ends speak the same messages; a hub differs from a
 * client by what stands behind its session.
 *
 * A `Position` is the *sender's* place for a commit (an offset in a log, a hub's count): it says where reading starts and
 * how far the receiver is, never what is missing. That is decided by vectors alone.
 */
import type { ErrorCode, ReplicaId, Sequence } from '@headwater/log'

/** A sender's place in its own commits, ascending; 0 is before everything. A safe integer. */
export type Position = number & { readonly __brand: 'Position' }
/** What names a stream of positions: a log's id, or a hub's epoch. 16 characters, spelled as a `ReplicaId`. */
export type StreamId = string & { readonly __brand: 'StreamId' }

/** What a side is to the other: `client` and `hub` face each other, `peer` faces `peer`. */
export type Role = 'client' | 'hub' | 'peer'

/** The last standing commit of a replica: its last sequence, and the chain hash (32 bytes) there. */
export interface ChainEnd {
  readonly sequence: Sequence
  readonly hash: Uint8Array
}

/** A version vector with hashes: the last standing commit of each replica. */
export type Vector = ReadonlyMap<ReplicaId, ChainEnd>

/** How far one side has stored the other's commits. */
export interface ResumeToken {
  /** Whose positions these are. */
  readonly stream: StreamId
  readonly position: Position
  /** What the sender said of itself at that position (a rolling hash), so that a forgotten past is noticed. At most 64 bytes. */
  readonly mark: Uint8Array
}

/** What a side takes in. */
export interface Limits {
  /** Bytes of a frame, at most. */
  readonly frameBytes: number
  /** Bytes of `commits` frames on their way and not yet acknowledged, at most. At least `frameBytes`. */
  readonly windowBytes: number
}

/** The first message of each side. */
export interface Hello {
  readonly type: 'hello'
  /** Protocol versions that this side speaks, from and to. */
  readonly versions: readonly [min: number, max: number]
  readonly features: readonly string[]
  readonly limits: Limits
  readonly role: Role
  /** Of the positions that this side will send. */
  readonly stream: StreamId
  /** The replica that writes here; of a hub, its stream's id again. */
  readonly replica: ReplicaId
  readonly workspace: string
  /** Proof of identity, for a hub; else empty. */
  readonly token: string
  /** Wall time in milliseconds. */
  readonly timeMs: number
  /** How far this side has the other's commits, when it remembers. */
  readonly resume: ResumeToken | undefined
  /** Where this side's history begins: empty in version 1. */
  readonly base: Vector
}

/** A part of a side's vector. All parts name the same total; the vector is whole when that many entries came. */
export interface VectorPart {
  readonly type: 'vector'
  readonly total: number
  readonly entries: readonly (readonly [ReplicaId, ChainEnd])[]
}

/** A commit on its way. */
export interface SentCommit {
  /** The sender's position behind this commit. */
  readonly position: Position
  /** Chain hash of its replica before it. */
  readonly previous: Uint8Array
  /** What a hub says of it, outside of its hash: at most 4 KiB, empty where no hub has seen it. Opaque to clients. */
  readonly envelope: Uint8Array
  /** The author's bytes. */
  readonly bytes: Uint8Array
  /** Read from the bytes: they are the same there. */
  readonly replica: ReplicaId
  readonly firstSequence: Sequence
  readonly lastSequence: Sequence
}

/** Commits, ascending by position. With none it says that what lies up to `through` is not needed. */
export interface Commits {
  readonly type: 'commits'
  /** Everything up to here that the receiver lacked has been sent. */
  readonly through: Position
  /** For a `ResumeToken` at `through`. */
  readonly mark: Uint8Array
  readonly commits: readonly SentCommit[]
}

/** The receiver has dealt with everything up to `through`: stored durably, or refused by name. */
export interface Ack {
  readonly type: 'ack'
  readonly through: Position
  /** Bytes that the sender may send beyond what it was granted so far. */
  readonly grantedBytes: number
}

/** Plain facts beside a code. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>

/** One commit is not taken; the stream goes on. Said before the `ack` that covers it. */
export interface RefusedCommit {
  readonly type: 'refused-commit'
  readonly replica: ReplicaId
  readonly firstSequence: Sequence
  readonly lastSequence: Sequence
  readonly code: ErrorCode
  readonly facts: Facts
}

/** Asks for the chain hashes after the commits of `replica` that end with these sequences: at most 64. */
export interface Probe {
  readonly type: 'probe'
  readonly replica: ReplicaId
  readonly sequences: readonly Sequence[]
}

/** The answer, in the order asked for; undefined where no standing commit ends. */
export interface Hashes {
  readonly type: 'hashes'
  readonly replica: ReplicaId
  readonly hashes: readonly (readonly [Sequence, Uint8Array | undefined])[]
}

/** The resume token does not fit: forget it. Reading starts at 0, the vector decides. */
export interface Reset {
  readonly type: 'reset'
}

/** Commits from … to of a replica are left out on purpose, and `closing` is the chain hash behind them. Refused in version 1. */
export interface Omitted {
  readonly type: 'omitted'
  readonly replica: ReplicaId
  readonly from: Sequence
  readonly to: Sequence
  readonly closing: Uint8Array
  readonly reason: string
}

/** Who is here and where: opaque, at most 4 KiB, never stored. */
export interface Presence {
  readonly type: 'presence'
  readonly state: Uint8Array
}

/** Are you there? */
export interface Ping {
  readonly type: 'ping'
}

/** I am, and this is my wall time. */
export interface Pong {
  readonly type: 'pong'
  readonly timeMs: number
}

/** The last message: why the session ends. */
export interface Bye {
  readonly type: 'bye'
  readonly code: ErrorCode
  readonly sentence: string
}

/** All that can be said. */
export type Message =
  | Hello
  | VectorPart
  | Commits
  | Ack
  | RefusedCommit
  | Probe
  | Hashes
  | Reset
  | Omitted
  | Presence
  | Ping
  | Pong
  | Bye
