// A world of replicas on virtual time: timers fire when the test lets time pass, frames take a while that chance decides,
// connections are cut where the test says. Everything comes from one seed.

import {
  createEventRegistry,
  createMemoryStore,
  type EventRegistry,
  type Log,
  type MemoryStore,
  ORIGIN,
  openMemoryLog,
  type Random,
  type Receipt,
  type Scheduler,
  type StoredEvent,
} from '@headwater/log'
import {
  type Connection,
  createMemoryPair,
  createReplicator,
  type Replicator,
  type ReplicatorOptions,
  type Transport,
} from '@headwater/replication'
import { Anything, Counted, createRandom, Noted, type SetClock, START_MS } from '../log/world.ts'
import { createNaiveHub, type NaiveHub } from './naive-hub.ts'

/** Virtual time. */
export interface Time {
  readonly scheduler: Scheduler
  readonly nowMs: number
  /** Lets so much time pass, with all that happens in it. */
  pass(ms: number): Promise<void>
}

function createTime(): Time {
  let nowMs = 0
  let drawn = 0
  const timers = new Map<number, { readonly atMs: number; readonly run: () => void }>()
  const after = (delayMs: number, run: () => void): (() => void) => {
    const id = drawn++
    timers.set(id, { atMs: nowMs + Math.max(0, delayMs), run })
    return () => timers.delete(id)
  }
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    get nowMs() {
      return nowMs
    },
    scheduler: { elapsedMs: () => nowMs, nextTurn: async () => settle(), after },
    pass: async (ms) => {
      const end = nowMs + ms
      for (;;) {
        await settle()
        const [next] = [...timers].sort(([a, x], [b, y]) => x.atMs - y.atMs || a - b)
        if (!next || next[1].atMs > end) break
        timers.delete(next[0])
        nowMs = Math.max(nowMs, next[1].atMs)
        next[1].run()
      }
      nowMs = end
    },
  }
}

/** A network whose connections can be cut, or refused. */
export interface Network {
  isDown: boolean
  /** Frames sent since the beginning. */
  readonly sent: number
  /** Cuts all connections: what is on its way is lost. */
  cut(): void
  /** Cuts them when so many more frames were sent. */
  cutAfter(frames: number): void
  /** A transport to whoever accepts the other end. */
  to(accept: (connection: Connection) => void): Transport
}

function createNetwork({ scheduler }: Time, random: Random): Network {
  const wires = new Set<{ isCut: boolean; end: () => void }>()
  let sent = 0
  let cutAt = Number.POSITIVE_INFINITY
  const connect = (): readonly [Connection, Connection] => {
    let freeAtMs = 0
    const wire = { isCut: false, end: (): void => undefined }
    const later = (run: () => void): void => {
      // In order, each a little later than the one before.
      const delayMs = 1 + random.bytes(1)[0]! / 16
      freeAtMs = Math.max(freeAtMs, scheduler.elapsedMs() + delayMs)
      scheduler.after(freeAtMs - scheduler.elapsedMs(), () => {
        if (!wire.isCut) run()
      })
    }
    const [left, right] = createMemoryPair(later)
    wire.end = () => {
      wire.isCut = true
      wires.delete(wire)
      left.close()
      right.close()
    }
    wires.add(wire)
    return [counted(left), counted(right)]
  }
  const counted = (connection: Connection): Connection => ({
    ...connection,
    send: (frame) => {
      sent += 1
      connection.send(frame)
      if (sent >= cutAt) network.cut()
    },
  })
  const network: Network = {
    isDown: false,
    get sent() {
      return sent
    },
    cut: () => {
      cutAt = Number.POSITIVE_INFINITY
      for (const wire of wires) wire.end()
    },
    cutAfter: (frames) => {
      cutAt = sent + frames
    },
    to: (accept) => ({
      connect: async () => {
        if (network.isDown) throw new Error('the network is down')
        const [left, right] = connect()
        accept(right)
        return left
      },
    }),
  }
  return network
}

/** One device. */
export interface Device {
  readonly name: string
  store: MemoryStore
  log: Log
  readonly clock: SetClock
  replicators: Replicator[]
  write(id: string, text: string): Promise<Receipt>
  texts(): Promise<readonly string[]>
  connect(transport: Transport, options?: Partial<ReplicatorOptions>): Replicator
  /** The process dies: nothing is closed in order, what was not noted is forgotten; then it is opened again. */
  crash(): Promise<void>
}

export interface SyncWorld {
  readonly time: Time
  readonly network: Network
  readonly random: Random
  readonly events: EventRegistry
  readonly hub: NaiveHub
  readonly hubTransport: Transport
  device(name: string, from?: MemoryStore): Device
}

export function createSyncWorld(seed: number): SyncWorld {
  const time = createTime()
  const random = createRandom(seed * 7_919 + 13)
  const network = createNetwork(time, random)
  const events = createEventRegistry([Noted, Counted, Anything])
  const hubClock = { now: () => START_MS + time.nowMs }
  const hub = createNaiveHub({ clock: hubClock, random, scheduler: time.scheduler })
  const world: SyncWorld = {
    time,
    network,
    random,
    events,
    hub,
    hubTransport: network.to((connection) => hub.accept(connection)),
    device: (name, from) => createDevice(world, name, from ?? createMemoryStore(random)),
  }
  return world
}

function createDevice({ time, random, events }: SyncWorld, name: string, store: MemoryStore): Device {
  const clock: SetClock = { ms: START_MS, now: () => clock.ms + time.nowMs }
  const open = (): Log => openMemoryLog(device.store, { events, clock, random })
  const device: Device = {
    name,
    store,
    clock,
    log: undefined as never, // opened below, with the device's own store
    replicators: [],
    write: (id, text) => device.log.append([Noted({ id, text })]),
    texts: async () => (await allEvents(device.log)).map(({ data }) => (data as { text: string }).text),
    connect: (transport, options = {}) => {
      const { log } = device
      const scheduler = time.scheduler
      const role = 'client'
      const replicator = createReplicator({
        log,
        transport,
        role,
        channel: 'hub',
        clock,
        random,
        scheduler,
        ...options,
      })
      device.replicators.push(replicator)
      return replicator
    },
    crash: async () => {
      const dead = device.log
      device.replicators.splice(0)
      device.log = open()
      await dead.close()
    },
  }
  device.log = open()
  return device
}

/** The same profile a second time, as a copy of its disk; another log id when asked for, so that the two may meet as peers. */
export function cloneStore(store: MemoryStore, random: Random, id = store.id): MemoryStore {
  const { standing } = createMemoryStore(random)
  return { ...store, id, records: [...store.records], notes: new Map(store.notes), standing }
}

export async function allEvents(log: Log): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = []
  for (let at = ORIGIN; ; ) {
    const batch = await log.read(at)
    events.push(...batch.events)
    if (batch.through === at) return events
    at = batch.through
  }
}
