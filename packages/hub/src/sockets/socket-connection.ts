/**
 * A WebSocket of the hub as a connection of a session. What it adds to the protocol is about the network alone: a sender of
 * too many messages is read more slowly, a receiver that takes nothing is cut off, and each frame gets memory of its own.
 */
import type { ErrorCode, Scheduler } from '@headwater/log'
import { createInbox } from '@headwater/replication'
import type { RawData, WebSocket } from 'ws'
import type { HubLimits } from '../hub-limits.ts'
import type { HubConnection } from '../members.ts'
import type { HubMetrics } from '../metrics.ts'
import { createMessageRate } from './message-rate.ts'

/** What a connection stands on. */
export interface SocketParts {
  readonly limits: HubLimits
  readonly scheduler: Scheduler
  readonly metrics: HubMetrics
}

/** What the parser refuses by name: the hub's messages are binary. */
const NOT_A_FRAME = new Uint8Array(0)

/** Makes the connection. */
export function createSocketConnection(socket: WebSocket, parts: SocketParts): Required<HubConnection> {
  const { limits, scheduler, metrics } = parts
  const close = (code?: ErrorCode): void => {
    socket.resume() // the other side's closing words are to be read
    socket.close(closeCodeOf(code), code)
  }
  const inbox = createInbox(() => close('RATE_LIMITED'))
  const slowDown = createBrake(socket, parts)
  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? toFrame(data) : NOT_A_FRAME
    metrics.bytes.inc({ direction: 'in' }, frame.length)
    slowDown()
    inbox.deliver(frame)
  })
  socket.on('close', (code, reason) => inbox.end(reason.toString() || `closed with ${code}`))
  // 'close' follows and says what happened; without a listener the process would end.
  socket.on('error', () => undefined)
  const drain = createDrain(scheduler, limits.undrainedMs, (why) => {
    socket.close(1013, why)
    // Who takes nothing does not answer a farewell either: the session ends now, not when the socket gives up.
    inbox.end(why)
  })
  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return
      metrics.bytes.inc({ direction: 'out' }, frame.length)
      drain.sent()
      socket.send(frame, drain.taken)
    },
    listen: inbox.listen,
    close,
    get bufferedBytes() {
      return socket.bufferedAmount
    },
    closeIfUndrained: drain.closeIfStuck,
    terminate: () => socket.terminate(),
  }
}

/** A copy: the library cuts small frames out of large blocks, which every commit in memory would keep. */
function toFrame(data: RawData): Uint8Array {
  if (Array.isArray(data)) return new Uint8Array(Buffer.concat(data))
  return new Uint8Array(data)
}

function createBrake(socket: WebSocket, { limits, scheduler, metrics }: SocketParts): () => void {
  const rate = createMessageRate(limits, scheduler)
  return () => {
    const waitMs = rate.take()
    if (waitMs === 0 || socket.isPaused) return
    metrics.slowed.inc()
    socket.pause()
    scheduler.after(waitMs, () => socket.resume())
  }
}

interface Drain {
  readonly sent: () => void
  readonly taken: () => void
  readonly closeIfStuck: () => void
}

/** Watches whether what waits for a socket is taken; `stuck` is told when it is not. */
function createDrain(scheduler: Scheduler, undrainedMs: number, stuck: (why: string) => void): Drain {
  let waiting = 0
  let takenAtMs = 0
  return {
    sent() {
      if (waiting === 0) takenAtMs = scheduler.elapsedMs()
      waiting++
    },
    taken() {
      waiting--
      takenAtMs = scheduler.elapsedMs()
    },
    closeIfStuck() {
      if (waiting > 0 && scheduler.elapsedMs() - takenAtMs >= undrainedMs)
        stuck('the socket took nothing for too long')
    },
  }
}

function closeCodeOf(code: ErrorCode | undefined): number {
  switch (code) {
    case 'SHUTTING_DOWN':
      return 1001
    case 'FRAME_INVALID':
    case 'COMMIT_DAMAGED':
    case 'MESSAGE_UNEXPECTED':
    case 'WINDOW_EXCEEDED':
      return 1002
    case 'UNAUTHORIZED':
    case 'FORBIDDEN':
    case 'REVOKED':
    case 'SUPERSEDED':
      return 1008
    case 'FRAME_TOO_LARGE':
      return 1009
    case 'INTERNAL':
    case 'STORAGE_FULL':
    case 'STORAGE_LOST':
      return 1011
    case 'RATE_LIMITED':
    case 'QUEUE_FULL':
      return 1013
    default:
      return 1000
  }
}
