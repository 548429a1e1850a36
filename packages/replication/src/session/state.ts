/**
 * What a session knows (`State`), what can happen to it (`Input`) and what it wants done (`Output`), as plain data. The
 * session itself is a pure function of the first two; `drive.ts` turns outputs into calls of a source and a connection and
 * their answers into inputs. Time comes in as ticks, ids and hashes as answers: no phase reads anything on its own.
 */
import type { HeadwaterError, ReplicaId, Sequence } from '@headwater/log'
import type { Facts, Hello, Message, Position, ResumeToken, Role, SentCommit, Vector } from '../messages.ts'
import type { Outcome, ReadBatch } from '../source.ts'
import type { Counted } from './counted.ts'
import type { EndHash, ForkSearch } from './forks.ts'

/** Where a session stands. */
export type Phase = 'waiting' | 'greeting' | 'admitting' | 'comparing' | 'live' | 'ended'

/** What a session is told once. */
export interface SessionConfig {
  readonly role: Role
  /** Who opened the connection says hello first. */
  readonly isInitiator: boolean
  /** Presence messages that are taken in a tick. */
  readonly presencePerTick: number
}

/** What all phases but the last share. */
interface Running {
  readonly config: SessionConfig
  /** Time as counted by ticks, since the session began; and when the peer was last heard. */
  readonly nowMs: number
  readonly heardAtMs: number
  /** When this phase began. */
  readonly sinceMs: number
}

/** The peer's vector as far as it came. */
export interface Gathering {
  readonly total: number | undefined
  readonly entries: Vector
}

/** The acceptor: nobody has said anything. */
export interface Waiting extends Running {
  readonly phase: 'waiting'
}

/** The initiator: hello is said, none heard. */
export interface Greeting extends Running {
  readonly phase: 'greeting'
  readonly own: Hello
}

/** The peer's hello is being judged. An initiator may be hearing the vector already. */
export interface Admitting extends Running {
  readonly phase: 'admitting'
  readonly own: Hello | undefined
  readonly peer: Hello
  readonly theirs: Gathering
}

/** Both took each other's hello; the vectors are on their way. */
export interface Comparing extends Running {
  readonly phase: 'comparing'
  readonly own: Hello
  readonly peer: Hello
  readonly ours: Loaded | undefined
  readonly theirs: Gathering
}

/** What the source said of itself and of the peer's token. */
export interface Loaded {
  readonly vector: Vector
  /** Where reading starts. */
  readonly from: Position
  /** Under which ids this side wrote. */
  readonly own: ReadonlySet<ReplicaId>
}

/** Commits go both ways. */
export interface Live extends Running {
  readonly phase: 'live'
  readonly own: Hello
  readonly peer: Hello
  /** Under which ids this side wrote: the one of its hello, and what it was before. */
  readonly ours: ReadonlySet<ReplicaId>
  readonly sending: Sending
  readonly receiving: Receiving
  readonly forks: Forks
  readonly presence: { readonly sent: number; readonly taken: number }
  readonly isCaughtUp: boolean
}

/** Our commits on their way to the peer. */
export interface Sending {
  /** What the peer is known to hold: said, sent, or received from it. */
  readonly theirs: ReadonlyMap<ReplicaId, Sequence>
  /** Replicas of which nothing more is sent, and where the commit ends that the peer refused; beyond all for a fork. */
  readonly blocked: ReadonlyMap<ReplicaId, number>
  /** Our own replica's tail that the peer has and we lack; nothing of it is sent before we have it back. */
  readonly reclaim: { readonly replica: ReplicaId; readonly through: Sequence } | undefined
  /** Where the first pass began, and what we held then that the peer lacked. Undefined when that pass is over. */
  readonly pass: { readonly from: Position; readonly owed: ReadonlyMap<ReplicaId, Sequence> } | undefined
  /** Where the session's reading began. */
  readonly began: Position
  /** Where the next read begins instead of at `at`, when something was passed over that may be lacked now. */
  readonly rewindTo: Position | undefined
  /** Everything up to here was read. */
  readonly at: Position
  readonly mark: Uint8Array
  readonly isReading: boolean
  /** Whether there may be something behind `at`. */
  readonly wants: boolean
  /** Frames for which the window has no room yet: of one read at most. */
  readonly held: readonly SentFrame[]
  /** Bytes that may be sent. */
  readonly creditBytes: number
  /** The `through` that was said last, and that was acknowledged last. */
  readonly saidThrough: Position
  readonly ackedThrough: Position
  /** Frames sent and not acknowledged, oldest first: bounded in number. */
  readonly unacked: readonly (Counted & { readonly through: Position })[]
}

/** A `commits` message and what it costs. */
export interface SentFrame extends Counted {
  readonly message: Extract<Message, { type: 'commits' }>
  readonly bytes: number
}

/** The peer's commits on their way to us. */
export interface Receiving {
  /** Bytes that the peer may still send. */
  readonly windowBytes: number
  /** Frames that are being stored, oldest first: bounded by the window. */
  readonly storing: readonly StoringFrame[]
  /** Replicas of which a commit was refused, so that the rest is refused in silence. */
  readonly refusing: ReadonlySet<ReplicaId>
  /** What the peer held at the beginning and we did not: empty when we have caught up. */
  readonly expected: ReadonlyMap<ReplicaId, Sequence>
}

/** A frame that is being stored. */
export interface StoringFrame {
  readonly token: ResumeToken | undefined
  readonly through: Position
  readonly bytes: number
  readonly commits: readonly SentCommit[]
}

/** Fork points: what is looked for, what waits to be, and what the peer asked. */
export interface Forks {
  readonly search: ForkSearch | undefined
  /** Whether a fork is being resolved; the session ends when it is. */
  readonly isResolving: boolean
  readonly queue: ReadonlyMap<ReplicaId, Sequence>
  /** Probes of the peer that wait for our hashes. */
  readonly waitingProbes: number
}

/** The session is over. */
export interface Ended {
  readonly phase: 'ended'
  readonly end: End
}

/** How a session ended. */
export interface End {
  readonly error: HeadwaterError
  /** Whether there is sense in another connection: at once (something was resolved), after a pause, or not by itself. */
  readonly again: 'now' | 'later' | 'never'
}

/** Any of them. */
export type State = Waiting | Greeting | Admitting | Comparing | Live | Ended

/** The state of a phase. */
export type StateOf<P extends Phase> = Extract<State, { phase: P }>

/** What can happen. */
export type Input =
  /** The peer said something, in a frame of so many bytes. */
  | { readonly type: 'message'; readonly message: Message; readonly bytes: number }
  /** The peer sent what is no message. */
  | { readonly type: 'misread'; readonly error: HeadwaterError }
  /** The connection is gone. */
  | { readonly type: 'gone' }
  /** The peer's hello is taken; our own, which an initiator has said already. */
  | { readonly type: 'admitted'; readonly own: Hello }
  /** The answer to `load`. */
  | {
      readonly type: 'loaded'
      readonly vector: Vector
      readonly from: Position | undefined
      readonly own: ReadonlySet<ReplicaId>
    }
  /** The answer to `read`. */
  | { readonly type: 'batch'; readonly batch: ReadBatch }
  /** The answer to the oldest `store`. */
  | { readonly type: 'stored'; readonly outcomes: readonly Outcome[] }
  /** The answer to a `lookup`. */
  | {
      readonly type: 'looked-up'
      readonly purpose: LookupPurpose
      readonly replica: ReplicaId
      readonly hashes: readonly EndHash[]
    }
  /** A fork or a refused stamp was resolved: the log changed, compare anew. */
  | { readonly type: 'resolved' }
  /** The source may have something new. */
  | { readonly type: 'changed' }
  /** The source voided commits: what was compared does not hold any more. */
  | { readonly type: 'revised' }
  /** Something that this side does failed, or it refuses the peer. */
  | { readonly type: 'failed'; readonly error: HeadwaterError }
  /** This side ends it. */
  | { readonly type: 'close'; readonly end: End }
  /** So much time went by. */
  | { readonly type: 'tick'; readonly elapsedMs: number }
  /** What to tell the peer of who is here. */
  | { readonly type: 'present'; readonly state: Uint8Array }

/** The input of a type. */
export type InputOf<T extends Input['type']> = Extract<Input, { type: T }>
/** The message of a type. */
export type MessageOf<T extends Message['type']> = Extract<Message, { type: T }>

/** Whose question a lookup answers. */
export type LookupPurpose = 'search' | 'answer'

/** What is to be done. */
export type Output =
  | { readonly type: 'send'; readonly message: Message }
  /** Send a `pong` with our wall time. */
  | { readonly type: 'say-time' }
  /** Judge the peer: answer `admitted` or `failed`. */
  | { readonly type: 'admit'; readonly hello: Hello }
  /** Answer `loaded`, `from` undefined when the token does not fit. */
  | { readonly type: 'load'; readonly token: ResumeToken | undefined }
  /** Answer `batch`. */
  | {
      readonly type: 'read'
      readonly after: Position
      readonly maxBytes: number
      readonly theirs: ReadonlyMap<ReplicaId, Sequence>
      readonly withheld: ReadonlySet<ReplicaId>
    }
  /** Answer `stored`, in the order of these. */
  | { readonly type: 'store'; readonly commits: readonly SentCommit[] }
  /** Answer `looked-up`. */
  | {
      readonly type: 'lookup'
      readonly purpose: LookupPurpose
      readonly replica: ReplicaId
      readonly sequences: readonly Sequence[]
    }
  /** Our commits of this replica behind `after` give way to the peer's: reissue or set aside. Answer `resolved`. */
  | { readonly type: 'resolve-fork'; readonly replica: ReplicaId; readonly after: Sequence }
  /** The hub refuses our own commits from `after` on for their stamps; its time is `hubTimeMs`. Answer `resolved`. */
  | {
      readonly type: 'resolve-stamps'
      readonly replica: ReplicaId
      readonly after: Sequence
      readonly hubTimeMs: number
    }
  /** Remember how far we have the peer's commits; forget it when undefined. */
  | { readonly type: 'remember'; readonly token: ResumeToken | undefined }
  /**
   * The peer has dealt with so many events more, and with all of ours up to here; undefined where something of our own
   * replica before it was held back or refused.
   */
  | { readonly type: 'acknowledged'; readonly position: Position | undefined; readonly events: number }
  /** So many new events of the peer are stored. */
  | { readonly type: 'received'; readonly events: number }
  /** The peer does not take this commit of ours. */
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'declined'; readonly refusal: Refusal }
  /** Both sides compared; commits go both ways from here on. */
  | { readonly type: 'live' }
  /** All that either held at the beginning is with both. */
  | { readonly type: 'caught-up' }
  /** The peer tells who is there. */
  | { readonly type: 'presence'; readonly state: Uint8Array }
  /** Close the connection: nothing more comes. */
  | { readonly type: 'end'; readonly end: End }

/** A commit that the peer does not take. */
export interface Refusal {
  readonly replica: ReplicaId
  readonly firstSequence: Sequence
  readonly lastSequence: Sequence
  readonly code: HeadwaterError['code']
  readonly facts: Facts
}

/** A next state, and what to do. */
export type Step = readonly [State, readonly Output[]]
