/**
 * What a session needs of a network: a connection that delivers frames whole, in order, none twice, until it ends. Anything
 * that can do that carries replication; `@headwater/replication/acceptance` is the suite that says whether it does.
 *
 * Laws of a connection: `send` never throws and never blocks, frames sent after the end are dropped. Frames that arrive
 * before `listen` are kept for it, in order. `ended` is called once, after the last frame, whichever side closed. The bytes
 * of a frame belong to the receiver. `close` is idempotent.
 */
import type { ErrorCode } from '@headwater/log'

/** What a connection calls. */
export interface ConnectionListener {
  readonly frame: (frame: Uint8Array) => void
  /** The connection is over; the sentence says why, when that is known. */
  readonly ended: (why: string) => void
}

/** One connection to one peer. */
export interface Connection {
  send(frame: Uint8Array<ArrayBuffer>): void
  /** Starts delivery. Called once. */
  listen(listener: ConnectionListener): void
  /** Ends it; frames sent before are still delivered where the network can. The code says why, for those who translate it. */
  close(code?: ErrorCode): void
}

/** Opens connections to one place. */
export interface Transport {
  /** Whether the other side opens the connections, so that this one waits for them and for the first word. */
  readonly isPassive?: boolean
  /** Rejects with `HUB_UNREACHABLE`, or with `ABORTED` by the signal. */
  connect(signal: AbortSignal): Promise<Connection>
}

/** The receiving end of a connection: keeps what comes before anybody listens, and ends once. */
export interface Inbox {
  readonly isEnded: boolean
  readonly deliver: (frame: Uint8Array) => void
  readonly end: (why: string) => void
  readonly listen: (listener: ConnectionListener) => void
}

/** Bytes kept before anybody listens: a hello and a vector; above, the connection ends. */
const MAX_UNHEARD_BYTES = 2_097_152

/** Creates an inbox; `overflow` closes the connection that brings too much before it is listened to. */
export function createInbox(overflow: () => void): Inbox {
  const unheard: Uint8Array[] = []
  let bytes = 0
  let listener: ConnectionListener | undefined
  let why: string | undefined
  return {
    get isEnded() {
      return why !== undefined
    },
    deliver: (frame) => {
      if (why !== undefined) return
      if (listener) return listener.frame(frame)
      bytes += frame.length
      if (bytes > MAX_UNHEARD_BYTES) overflow()
      else unheard.push(frame)
    },
    end: (sentence) => {
      if (why !== undefined) return
      why = sentence
      listener?.ended(sentence)
    },
    listen: (next) => {
      listener = next
      for (const frame of unheard.splice(0)) next.frame(frame)
      if (why !== undefined) next.ended(why)
    },
  }
}
