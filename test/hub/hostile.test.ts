// What reaches a hub's sockets from who means no good, or is broken: frames of every wrong kind, floods, clients that do not
// read. The hub names what is wrong, goes on, and its event loop and memory stay as they were.

import { readFileSync } from 'node:fs'
import { encodeMessage } from '@headwater/replication'
import { afterEach, expect, test } from 'vitest'
import { createRandom } from '../log/world.ts'
import { createAuthor } from './author.ts'
import { connectClient, connectRaw, createDevice, helloOf } from './client.ts'
import { pause, type RunningHub, startHub } from './running-hub.ts'

const SEED = Number(process.env.HUB_SEED ?? 20_261_127)
const FRAMES = 2_000

const hubs: RunningHub[] = []
async function start(options: Parameters<typeof startHub>[0] = {}): Promise<RunningHub> {
  const hub = await startHub(options)
  hubs.push(hub)
  return hub
}
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()))
})

/** Numbers below `below`, from the seed. */
function createDice(seed: number): (below: number) => number {
  const random = createRandom(seed)
  return (below) => new DataView(random.bytes(4).buffer).getUint32(0) % below
}

type Dice = (below: number) => number

/**
 * What this thread has worked. Work, not time: other processes of a busy machine take turns too. Where the system does not tell it of
 * one thread, all of the process's count, those that collect garbage among them.
 */
function workedMs(): number {
  if (process.platform === 'linux')
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Watches the event loop; the result says for how many milliseconds of work one turn held it at most. */
function watchLoop(): () => number {
  let most = 0
  let isOver = false
  let last = workedMs()
  const turn = (): void => {
    const now = workedMs()
    most = Math.max(most, now - last)
    last = now
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  return () => {
    isOver = true
    return most
  }
}

/** Frames that a session may begin with or go on with, to be spoiled. */
function honestFrames(): readonly Uint8Array[] {
  const author = createAuthor('mallory')
  const commits = [author.write(), author.write({ events: 5 })].map(
    ({ bytes, previous, replica, lastSequence }, i) => ({
      position: i + 1,
      previous,
      envelope: new Uint8Array(),
      bytes,
      replica,
      lastSequence,
      firstSequence: i + 1,
    }),
  )
  return [
    helloOf(author.replica),
    { type: 'vector', total: 0, entries: [] },
    { type: 'commits', through: 2, mark: new Uint8Array(), commits },
    { type: 'ack', through: 0, grantedBytes: 10 },
    { type: 'probe', replica: author.replica, sequences: [1] },
    { type: 'presence', state: new Uint8Array(20) },
    { type: 'ping' },
  ].map((message) => encodeMessage(message as Parameters<typeof encodeMessage>[0])) // small numbers for branded ones
}

function spoil(frame: Uint8Array, dice: Dice): Uint8Array {
  switch (dice(5)) {
    case 0:
      return Uint8Array.from({ length: dice(200) }, () => dice(256))
    case 1:
      return frame.slice(0, dice(frame.length))
    case 2: {
      const mutated = frame.slice()
      for (let i = 0; i <= dice(4); i++) mutated[dice(mutated.length)]! ^= 1 << dice(8)
      return mutated
    }
    case 3:
      return new Uint8Array([...frame, ...frame.slice(0, 1 + dice(frame.length))])
    default:
      return new Uint8Array([frame[0]!, ...Uint8Array.from({ length: dice(60) }, () => dice(256))])
  }
}

test(`${FRAMES} spoiled frames through sockets end each session by a name, and nothing else happens (seed ${SEED})`, async () => {
  const { url, store } = await start({ limits: { connectionsPerAddress: 4_000 } })
  const dice = createDice(SEED)
  const frames = honestFrames()
  const codes = new Map<string, number>()
  let sent = 0
  const attack = async (): Promise<void> => {
    const raw = await connectRaw({ url })
    if (dice(2) === 0) {
      raw.sayBytes(frames[0]!)
      raw.sayBytes(frames[1]!)
    }
    while (sent < FRAMES && raw.socket.readyState === raw.socket.OPEN) {
      raw.sayBytes(spoil(frames[dice(frames.length)]!, dice))
      sent++
      if (dice(3) === 0) await pause(1)
    }
    raw.say({ type: 'bye', code: 'CLOSED', sentence: '' })
    raw.close()
    const { code } = await raw.ended
    codes.set(code ?? 'none', (codes.get(code ?? 'none') ?? 0) + 1)
  }
  global.gc?.()
  const before = process.memoryUsage().heapUsed
  const loop = watchLoop()
  while (sent < FRAMES) await Promise.all(Array.from({ length: 8 }, attack))
  const heldMs = loop()
  const known = [
    'FRAME_INVALID',
    'MESSAGE_UNEXPECTED',
    'COMMIT_DAMAGED',
    'FORMAT_NEWER',
    'VERSION_UNSUPPORTED',
  ]
  const allowed = [
    ...known,
    'VECTOR_TOO_LARGE',
    'SNAPSHOT_REQUIRED',
    'FORBIDDEN',
    'OMITTED',
    'SUPERSEDED',
    'none',
  ]
  const more = ['SEQUENCE_GAP', 'WINDOW_EXCEEDED', 'FRAME_TOO_LARGE', 'RATE_LIMITED']
  expect([...codes.keys()].filter((code) => ![...allowed, ...more].includes(code))).toEqual([])
  expect(codes.get('FRAME_INVALID')).toBeGreaterThan(50)
  // Clients, tests and hub share one loop here, so that this bounds the hub from above.
  expect(heldMs).toBeLessThan(50)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000)
  const honest = createDevice(createAuthor('honest'))
  honest.write({ atMs: Date.now() })
  const client = await connectClient(honest, { url })
  await client.until(() => client.acknowledged() === 1)
  expect(await store.head('garden')).toBeGreaterThan(0)
})

test('a frame above the limit is refused by name, one far above is cut off with 1009', async () => {
  const { url } = await start()
  const large = await connectRaw({ url })
  large.sayBytes(new Uint8Array(1_572_865))
  expect(await large.ended).toEqual({ code: 'FRAME_TOO_LARGE', closeCode: 1009 })
  const huge = await connectRaw({ url })
  huge.sayBytes(new Uint8Array(4_000_000))
  expect((await huge.ended).closeCode).toBe(1009)
})

test('text is no message', async () => {
  const { url } = await start()
  const raw = await connectRaw({ url })
  raw.socket.send('hello')
  expect(await raw.ended).toEqual({ code: 'FRAME_INVALID', closeCode: 1002 })
})

test('who says nothing is closed in time', async () => {
  const { url } = await start({ limits: { helloMs: 300 } })
  const raw = await connectRaw({ url })
  expect(await raw.ended).toMatchObject({ code: 'PEER_SILENT' })
})

test('a flood of messages is read more slowly and hurts nobody else (R6)', async () => {
  const { url, http } = await start({ limits: { messagesPerSecond: 100, messageBurst: 100 } })
  const flooding = createDevice(createAuthor('flood'))
  const flood = await connectClient(flooding, { url })
  await flood.live
  const ping = encodeMessage({ type: 'ping' })
  for (let i = 0; i < 20_000; i++) flood.socket.send(ping)
  const honest = createDevice(createAuthor('honest'))
  const client = await connectClient(honest, { url })
  const startMs = performance.now()
  for (let i = 0; i < 5; i++) honest.write({ atMs: Date.now() + i })
  await client.until(() => client.acknowledged() === 5)
  expect(performance.now() - startMs).toBeLessThan(5_000)
  const metrics = await (await fetch(`${http}/metrics`)).text()
  expect(Number(/slowed_total (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(0)
})

test('a socket that takes nothing is closed with 1013, and holds no more than its window (R6)', async () => {
  const { url, http } = await start({ limits: { undrainedMs: 1_000 } })
  const writer = createDevice(createAuthor('writer'))
  let at = Date.now() - 100_000
  for (let i = 0; i < 60; i++) writer.write({ text: 'x'.repeat(200_000), atMs: at++ })
  const filled = await connectClient(writer, { url })
  await filled.until(() => filled.acknowledged() === 60)
  const raw = await connectRaw({ url })
  // The reader grants all that it can, and stops reading: what the network does not hold waits in the hub.
  raw.say(
    helloOf(createAuthor('slow').replica, { limits: { frameBytes: 1_572_864, windowBytes: 12_000_000 } }),
  )
  await raw.hear('hello')
  raw.say({ type: 'vector', total: 0, entries: [] })
  raw.socket.pause()
  await expect.poll(() => connectionsOf(http), { timeout: 20_000 }).toBe(1)
  raw.socket.resume()
  expect([1013, 1006]).toContain((await raw.ended).closeCode)
  const honest = await connectClient(createDevice(createAuthor('honest')), { url })
  await honest.live
})

async function connectionsOf(http: string): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text()
  return Number(/headwater_hub_connections (\d+)\n/.exec(text)?.[1])
}
