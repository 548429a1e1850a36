// The transports of the package under the written laws of a connection: the pair in memory, WebSockets over a pair of
// sockets that behave as the standard says, and broadcast channels as Node has them.

import type { LogId, Scheduler } from '@headwater/log'
import {
  createMemoryPair,
  createSocketConnection,
  createWebSocketTransport,
  type Socket,
} from '@headwater/replication'
import { type ConnectionPair, connectionLaws } from '@headwater/replication/acceptance'
import { describe, expect, test } from 'vitest'
import { openNearbyPair } from './nearby-pair.ts'

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const scheduler: Scheduler = {
  elapsedMs: () => performance.now(),
  nextTurn: () => wait(0),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

const transports: readonly (readonly [string, () => Promise<ConnectionPair>])[] = [
  [
    'in memory',
    async () => {
      const [left, right] = createMemoryPair()
      return { left, right }
    },
  ],
  [
    'by WebSocket',
    async () => {
      const [client, server] = createSocketPair()
      const transport = createWebSocketTransport('ws://hub.example', () => client)
      const right = createSocketConnection(server)
      return { left: await transport.connect(new AbortController().signal), right }
    },
  ],
  ['by broadcast channel', () => openNearbyPair(scheduler)],
]

describe.each(transports)('a connection %s', (_name, open) => {
  test.each(connectionLaws)('$title', ({ check }) => check(open, wait))
})

describe('by WebSocket', () => {
  test('an address that cannot be connected to is refused by name', async () => {
    const throws = createWebSocketTransport('nonsense', () => {
      throw new SyntaxError('not an address')
    })
    const { signal } = new AbortController()
    await expect(throws.connect(signal)).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' })
    const closes = createWebSocketTransport('ws://nobody', () => {
      const [client] = createSocketPair()
      queueMicrotask(() => client.fail(1006))
      return client
    })
    await expect(closes.connect(signal)).rejects.toMatchObject({
      code: 'HUB_UNREACHABLE',
      facts: { closeCode: 1006 },
    })
  })

  test('connecting can be given up', async () => {
    const abort = new AbortController()
    const [client] = createSocketPair()
    const connecting = createWebSocketTransport('ws://slow', () => client).connect(abort.signal)
    abort.abort()
    await expect(connecting).rejects.toMatchObject({ code: 'ABORTED' })
    expect(client.readyState).toBeGreaterThanOrEqual(2)
  })

  test('a text message is handed on as what no parser takes', async () => {
    const [client, server] = createSocketPair()
    const frames: number[] = []
    createSocketConnection(server).listen({
      frame: ({ length }) => frames.push(length),
      ended: () => undefined,
    })
    await wait(1)
    client.deliver(server, 'hello')
    await wait(1)
    expect(frames).toEqual([0])
  })
})

test('a broadcast channel ignores our own address and what is no message', async () => {
  const own = '1111111111111111' as LogId
  const met: string[] = []
  const strangers = [
    null,
    7,
    'here',
    { kind: 'here' },
    { kind: 'here', from: own },
    { kind: 'open', from: own, to: own },
  ]
  const { left, right } = await openNearbyPair(scheduler, {
    addresses: [own, '2222222222222222' as LogId],
    strangers,
    met,
  })
  await expect.poll(() => met.length).toBeGreaterThan(1)
  await wait(20)
  expect(met.sort()).toEqual([
    '1111111111111111 meets 2222222222222222',
    '2222222222222222 meets 1111111111111111',
  ])
  left.close()
  right.close()
})

/** A socket as the standard has it, wired to another one. */
interface TestSocket extends Socket {
  deliver(to: TestSocket, data: unknown): void
  emit(type: string, event: unknown): void
  fail(code: number): void
  readyState: number
}

function createSocketPair(): readonly [TestSocket, TestSocket] {
  const sockets: readonly [TestSocket, TestSocket] = [
    createSocket(() => sockets[1]),
    createSocket(() => sockets[0]),
  ]
  const [client, server] = sockets
  server.readyState = 1 // what a server hands out is open
  setTimeout(() => {
    if (client.readyState !== 0) return
    client.readyState = 1
    client.emit('open', {})
  })
  return sockets
}

function createSocket(other: () => TestSocket): TestSocket {
  const listeners: (readonly [string, (event: never) => void])[] = []
  const socket: TestSocket = {
    binaryType: 'blob',
    readyState: 0,
    send: (data) => socket.deliver(other(), data.slice().buffer),
    deliver: (to, data) => void setTimeout(() => to.readyState < 3 && to.emit('message', { data })),
    emit: (type, event) => {
      for (const [of, listener] of listeners) if (of === type) listener(event as never)
    },
    fail: (code) => {
      if (socket.readyState === 3) return
      socket.readyState = 3
      socket.emit('close', { code, reason: '' })
    },
    close: (code = 1005) => {
      if (code !== 1005 && code !== 1000 && (code < 3_000 || code > 4_999))
        throw new DOMException(`${code} is not a page's to close with`, 'InvalidAccessError')
      if (socket.readyState >= 2) return
      socket.readyState = 2
      setTimeout(() => {
        other().fail(code)
        socket.fail(code)
      })
    },
    addEventListener: (type: string, listener: (event: never) => void) =>
      void listeners.push([type, listener]),
  }
  return socket
}
