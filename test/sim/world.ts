// A simulated world: devices, each with a replica of the database and pages of the app in its tabs, on one virtual time, all
// of it from one seed. Here it is put together, and what happens in it is written down; what happens is decided in
// `steps.ts`.

import type { Build } from './app/model.ts'
import { forgetBases } from './bases.ts'
import { type Chance, createChance } from './chance.ts'
import { createDevice, type Device, type Links, type Store } from './device.ts'
import { createHub, type Hub } from './hub.ts'
import { createHubLedger, type HubLedger } from './hub-ledger.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createNetwork, type Network } from './network.ts'
import { readLog } from './oracle.ts'
import { type Act, isNamed, type Meeting, openPage, type Page } from './page.ts'
import { createChannels } from './platform/channels.ts'
import { createSocketFactory } from './socket.ts'
import { createVirtualTime, type VirtualTime } from './time.ts'

/** A device with what people do on it. */
export interface Replica {
  readonly name: string
  readonly device: Device
  readonly ledger: Ledger
  readonly pages: readonly Page[]
  /** Pages of which something is still under way, also those that are being closed. */
  readonly busy: readonly Page[]
  open(build: Build): Page
  /** A page is gone: closed, or killed. */
  forget(page: Page): void
  /** The machine loses power. */
  crash(): void
}

export interface World {
  readonly seed: number
  readonly time: VirtualTime
  /** What is decided by the weather and the people. */
  readonly chance: Chance
  readonly replicas: readonly Replica[]
  readonly network: Network
  readonly hub: Hub
  readonly hubLedger: HubLedger
  /** Where its replicas meet: drawn for each world. */
  readonly meeting: Meeting
  /** Whether profiles are cloned here. */
  readonly hasClones: boolean
  readonly store: Store
  /** A device that is the copy of another, log, ids and all. */
  clone(of: Replica): void
  /** A device that comes late, with nothing on it. */
  join(): Replica
  /** A number that no other draft has. */
  readonly nonce: () => number
  /** Writes down what happens. */
  readonly tell: (what: string) => void
  /** What happened, in order. */
  readonly story: readonly string[]
  /** What has gone wrong already; the first of these ends the run. */
  readonly faults: unknown[]
}

export const MOST_REPLICAS = 3
/** In one world of so many, replicas meet without a hub. */
const NEARBY_ONE_IN = 6

/** What is decided before anything is drawn. */
export interface WorldOptions {
  readonly hasClones: boolean
  readonly store: Store
}

export function createWorld(seed: number, replicaCount: number, { hasClones, store }: WorldOptions): World {
  const time = createVirtualTime()
  const chance = createChance(seed)
  const story: string[] = []
  const replicas: Replica[] = []
  const faults: unknown[] = []
  const fail = (error: unknown): void => void faults.push(error)
  const network = createNetwork(chance.stream('network'))
  const hubLedger = createHubLedger()
  const hub = createHub({ time, network, chance: chance.stream('hub'), ledger: hubLedger, fail })
  const meeting: Meeting = !hasClones && chance.stream('meeting').oneIn(NEARBY_ONE_IN) ? 'nearby' : 'hub'
  const links: Links = {
    openSocket: (tab, ofTab) => createSocketFactory(tab, ofTab.stream('sockets'), hub.connect),
    nearby: createChannels(chance.stream('nearby')),
  }
  const add = (): Replica => {
    const replica = createReplica(`r${replicas.length + 1}`, world, createDeviceOf)
    replicas.push(replica)
    return replica
  }
  const createDeviceOf = (name: string): Device => createDevice(name, time, chance, links, store)
  let nonces = 0
  const world: World = {
    seed,
    time,
    chance: chance.stream('steps'),
    replicas,
    network,
    hub,
    hasClones,
    store,
    hubLedger,
    meeting,
    clone: (of) => {
      const copy = add()
      of.device.disk.copyTo(copy.device.disk)
      world.tell(`${copy.name} is a copy of ${of.name}`)
    },
    join: add,
    story,
    faults,
    nonce: () => ++nonces,
    tell: (what) => {
      story.push(`${time.nowMs.toFixed(1)} ms: ${what}`)
      time.note(what)
    },
  }
  for (let i = 0; i < replicaCount; i++) add()
  return world
}

function createReplica(name: string, world: World, createDeviceOf: (name: string) => Device): Replica {
  const device = createDeviceOf(name)
  device.disk.weather.ownJournals = world.chance.stream(`${name}:journals`).oneIn(2)
  const ledger = createLedger()
  let pages: readonly Page[] = []
  let left: readonly Page[] = []
  const watch = (act: Act): void => {
    if (act.state === 'failed') world.tell(`${act.name} failed: ${String(act.error)}`)
    if (act.state === 'failed' && !isNamed(act.error)) world.faults.push(act.error)
  }
  return {
    name,
    device,
    ledger,
    get pages() {
      return pages
    },
    get busy() {
      return [...pages, ...left].filter(({ going }) => going.size > 0)
    },
    open: (build) => {
      const page = openPage(device.openTab(), build, world.meeting, watch)
      pages = [...pages, page]
      return page
    },
    forget: (page) => {
      pages = pages.filter((other) => other !== page)
      left = [...left.filter(({ going }) => going.size > 0), page]
    },
    crash: () => {
      for (const page of [...pages, ...left]) page.kill()
      pages = left = []
      const lost = device.crash()
      forgetBases(device.disk)
      ledger.crashed(readLog(device.disk))
      world.tell(`${name} loses power, and ${lost} transactions with it`)
    },
  }
}
