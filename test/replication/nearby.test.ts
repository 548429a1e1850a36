// Databases of different names that find each other on a broadcast channel and agree, without a hub; the channel is the
// platform's own.

import {
  createEventRegistry,
  createMemoryLog,
  drawId,
  type Log,
  type LogId,
  type Scheduler,
} from '@headwater/log'
import {
  createNearbyReplicator,
  createNearbyTransport,
  type NearbyReplicator,
  type NearbyReplicatorOptions,
  type OpenNearbyChannel,
  type Transport,
} from '@headwater/replication'
import { afterEach, expect, test } from 'vitest'
import { Noted, START_MS } from '../log/world.ts'
import { openChannel } from './nearby-pair.ts'

const scheduler: Scheduler = {
  elapsedMs: () => performance.now(),
  nextTurn: () => new Promise((resolve) => setTimeout(resolve, 0)),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
const random = { bytes: (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length)) }
const clock = { now: () => START_MS }
const events = createEventRegistry([Noted])

const open: NearbyReplicator[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((replicator) => replicator.close()))
})

function join(
  name: string,
  log: Log,
  workspace = 'home',
  others: Partial<NearbyReplicatorOptions> = {},
): NearbyReplicator {
  const base = { log, open: openChannel(name), workspace, clock, random, scheduler }
  const replicator = createNearbyReplicator({ ...base, ...others })
  open.push(replicator)
  return replicator
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
}

const logOf = (): Log => createMemoryLog({ events, clock, random })
const write = (log: Log, text: string): Promise<unknown> => log.append([Noted({ id: 'x', text })])

test('three find each other and agree (R3), and go on when one leaves and comes again (R7)', async () => {
  const name = `nearby-${crypto.randomUUID()}`
  const logs = [logOf(), logOf(), logOf()]
  const agree = async (head: number): Promise<boolean> => {
    const vectors = await Promise.all(logs.map(async (log) => JSON.stringify((await log.vector()).toJSON())))
    return logs.every((log) => log.head === head) && new Set(vectors).size === 1
  }
  for (const [i, log] of logs.entries()) await write(log, `of ${i}`)
  const [one, two] = logs.map((log) => join(name, log))
  await until(() => agree(3))
  await two!.close()
  await write(logs[0]!, 'while it was away')
  await write(logs[1]!, 'alone')
  const again = join(name, logs[1]!)
  await until(() => agree(5))
  await until(() => one!.status.state === 'live' && again.status.state === 'live')
  expect(again.peers.size).toBe(2)
})

test('another workspace is refused, and nothing of either goes over', async () => {
  const name = `nearby-${crypto.randomUUID()}`
  const [a, b] = [logOf(), logOf()]
  await write(a, 'mine')
  await write(b, 'mine')
  const [one, other] = [join(name, a, 'home'), join(name, b, 'work')]
  await until(() => one.status.state === 'refused' && other.status.state === 'refused')
  expect(one.status.lastError).toMatchObject({ code: 'WORKSPACE_MISMATCH' })
  expect([a.head, b.head]).toEqual([1, 1])
})

test('a second tab of the same database is no peer', async () => {
  const name = `nearby-${crypto.randomUUID()}`
  const log = logOf()
  const [one, tab] = [join(name, log), join(name, log)]
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect([one.peers.size, tab.peers.size]).toEqual([0, 0])
})

test('who is connected to does not take up a connection that has ended', async () => {
  const [from, address] = [logOf().id, logOf().id].sort() as [LogId, LogId]
  let hear: (data: unknown) => void = () => undefined
  let transport: Transport | undefined
  const finding = createNearbyTransport({
    address,
    open: (listener) => {
      hear = listener
      return { post: () => undefined, close: () => undefined }
    },
    random,
    scheduler,
    onPeer: (_peer, to) => {
      transport = to
    },
    onGone: () => undefined,
  })
  const [first, second] = [drawId<LogId>(random), drawId<LogId>(random)]
  hear({ kind: 'open', from, to: address, connection: first })
  hear({ kind: 'close', from, to: address, connection: first })
  const connecting = transport!.connect(new AbortController().signal)
  hear({ kind: 'open', from, to: address, connection: second })
  const connection = await connecting
  const heard: unknown[] = []
  connection.listen({ frame: (frame) => heard.push(frame), ended: (why) => heard.push(why) })
  hear({ kind: 'frame', from, to: address, connection: second, frame: new Uint8Array([7]) })
  expect(heard).toEqual([new Uint8Array([7])])
  finding.close()
})

test('nobody who is met while it closes is kept up with', async () => {
  let hear: (data: unknown) => void = () => undefined
  const open: OpenNearbyChannel = (listener) => {
    hear = listener
    return { post: () => undefined, close: () => undefined }
  }
  const replicator = join('', logOf(), 'home', { open })
  const [one, late] = [logOf().id, logOf().id]
  hear({ kind: 'here', from: one, asks: false })
  const closing = replicator.close()
  hear({ kind: 'here', from: late, asks: false })
  await closing
  expect([...replicator.peers.keys()]).toEqual([one])
})

test.each(['lower', 'higher'])(
  'a peer that died without a word, with the %s address, is connected to as soon as it is back (R7)',
  async (which) => {
    const name = `nearby-${crypto.randomUUID()}`
    const sorted = [logOf(), logOf()].sort((a, b) => (a.id < b.id ? -1 : 1))
    const [dying, staying] = which === 'lower' ? sorted : sorted.toReversed()
    // No wait comes to its end, so that only what is said can help.
    const impatient: Scheduler = {
      ...scheduler,
      after: (ms, run) => (ms < 1_000 ? scheduler.after(ms, run) : () => undefined),
    }
    let isDead = false
    const mortal: OpenNearbyChannel = (listener) => {
      const { post, close } = openChannel(name)((data) => isDead || listener(data))
      return { post: (message) => isDead || post(message), close }
    }
    const one = join(name, staying!, 'home', { scheduler: impatient })
    const lost = join(name, dying!, 'home', { scheduler: impatient, open: mortal })
    await until(() => one.status.state === 'live' && lost.status.state === 'live')
    isDead = true
    await write(dying!, 'written by the next')
    const again = join(name, dying!, 'home', { scheduler: impatient })
    await until(() => staying!.head === 1 && one.status.state === 'live' && again.status.state === 'live')
  },
)
