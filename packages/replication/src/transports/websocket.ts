/**
 * WebSocket: one frame is one binary message. Works on the browser's class and on the one of Node's `ws` through a small
 * factory, so that nothing here names either. Why a connection ends is said by the `bye` before it: a browser lets a page close
 * with 1000 or with numbers of its own, and throws at every other.
 */
import { HeadwaterError } from '@headwater/log'
import { peerError } from '../codes.ts'
import type { Connection, Transport } from '../transport.ts'
import { createInbox } from '../transport.ts'

/** The part of a WebSocket that is used: the browser's, or that of `ws`. */
export interface Socket {
  binaryType: string
  readonly readyState: number
  send(data: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/** Opens a socket: `(url) => new WebSocket(url)`. */
export type SocketFactory = (url: string) => Socket

const OPEN = 1
/** Connects to a hub by WebSocket. */
export function createWebSocketTransport(url: string, open: SocketFactory): Transport {
  return {
    connect: (signal) =>
      new Promise((resolve, reject) => {
        const socket = openSocket(url, open)
        if (socket instanceof HeadwaterError) return reject(socket)
        const connection = createSocketConnection(socket)
        const giveUp = (): void => {
          connection.close()
          reject(peerError('ABORTED', 'Connecting was given up.'))
        }
        if (signal.aborted) return giveUp()
        signal.addEventListener('abort', giveUp, { once: true })
        const settled = (): void => signal.removeEventListener('abort', giveUp)
        socket.addEventListener('open', () => {
          settled()
          resolve(connection)
        })
        socket.addEventListener('close', ({ code }) => {
          settled()
          reject(unreachable(url, code))
        })
      }),
  }
}

/** A connection over a socket that is open or opening. A text message ends it. */
export function createSocketConnection(socket: Socket): Connection {
  const close = (): void => socket.close(1000)
  const inbox = createInbox(close)
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) inbox.deliver(new Uint8Array(data))
    else inbox.deliver(NOT_A_FRAME)
  })
  socket.addEventListener('close', ({ code, reason }) => inbox.end(reason || `closed with ${code}`))
  // `close` follows; without a listener `ws` would throw.
  socket.addEventListener('error', () => undefined)
  return {
    send: (frame) => {
      if (socket.readyState === OPEN) socket.send(frame)
    },
    listen: inbox.listen,
    close,
  }
}

/** What the parser refuses by name: an empty frame. */
const NOT_A_FRAME = new Uint8Array(0)

function openSocket(url: string, open: SocketFactory): Socket | HeadwaterError {
  try {
    return open(url)
  } catch (cause) {
    return new HeadwaterError('HUB_UNREACHABLE', `"${url}" cannot be connected to.`, {
      hint: 'It must be a ws: or wss: address; a page served by https may only use wss.',
      cause,
    })
  }
}

function unreachable(url: string, code: number): HeadwaterError {
  return new HeadwaterError('HUB_UNREACHABLE', `No connection to "${url}" could be opened.`, {
    hint: 'It is tried again; commits are kept in the log until then. Where it lasts: does a hub listen there, and does it let pages of this origin connect?',
    facts: { closeCode: code },
  })
}
