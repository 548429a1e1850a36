// A document that two tabs bridge to other peers at the same time: a plain Yjs client over y-websocket and both tabs see
// what any of them types, and it is stored once, without echo.

import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { closeAll, drawName } from '../database/world.ts'
import { eventsIn, openTab, pause, until } from './pages.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  await closeAll()
})

/** A room is a broadcast: each peer's provider answers the others' questions itself. */
async function startServer(): Promise<string> {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      for (const other of sockets.clients) {
        if (other !== socket && other.readyState === WebSocket.OPEN) other.send(data)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => {
      for (const socket of sockets.clients) socket.terminate()
    },
  )
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `ws://127.0.0.1:${address.port}`
}

async function connect(url: string, doc: Y.Doc): Promise<void> {
  const provider = new WebsocketProvider(url, 'room', doc, {
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
  })
  ends.push(() => provider.destroy())
  await until(() => provider.wsconnected, 'a connection')
}

test('two tabs that bridge one document end without echo (R2)', async () => {
  const url = await startServer()
  const name = drawName()
  const [one, two] = [await openTab(name), await openTab(name)]
  const here = await one.views.notes.open('a')
  const there = await two.views.notes.open('a')
  const plain = new Y.Doc()
  for (const doc of [plain, here.doc, there.doc]) await connect(url, doc)
  const docs = [plain, here.doc, there.doc]
  const typed: string[] = []
  for (let round = 0; round < 12; round++) {
    const doc = docs[round % 3]!
    typed.push(`[${round}]`)
    doc.getText('body').insert(doc.getText('body').length, `[${round}]`)
    if (round % 4 === 3) await pause(150)
  }
  await pause(300)
  for (let round = 12; round < 15; round++) {
    typed.push(`[${round}]`)
    plain.getText('body').insert(0, `[${round}]`)
    await pause(800)
  }
  await until(
    () => docs.every((doc) => typed.every((text) => doc.getText('body').toJSON().includes(text))),
    'all text everywhere',
  )
  const same = docs.map((doc) => doc.getText('body').toJSON())
  expect(new Set(same).size).toBe(1)
  await until(async () => (await one.views.notes.text('a')) === same[0], 'all text in the log')
  await Promise.all([here.flush(), there.flush()])
  await one.settled() // and knows what the other tab stored
  const settled = await eventsIn(one)
  expect(settled).toBeLessThanOrEqual(2 * typed.length)
  await pause(1_000)
  expect(await eventsIn(one)).toBe(settled)
  await two.settled()
  expect(await two.views.notes.text('a')).toBe(same[0])
  const later = await (await openTab(name)).views.notes.open('a')
  expect(later.doc.getText('body').toJSON()).toBe(same[0])
})
