// A simulated world: devices, each with a replica of the database and pages of the app in its tabs, on one virtual time, all
// of it from one seed. Here it is put together, and what happens in it is written down; what happens is decided in
// `steps.ts`.

import type { Build } from './app/model.ts'
import { forgetBases } from './bases.ts'
import { type Chance, createChance } from './chance.ts'
import { createDevice, type Device } from './device.ts'
import { createHub, type Hub } from './hub.ts'
import { standForLeader } from './leader.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createNetwork, type Network } from './network.ts'
import { readLog } from './oracle.ts'
import { type Act, isNamed, openPage, type Page } from './page.ts'
import { createVirtualTime, type VirtualTime } from './time.ts'

/** A device with what people do on it. */
export interface Replica {
  readonly name: string
  readonly device: Device
  readonly ledger: Ledger
  readonly pages: readonly Page[]
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
  /** Whether profiles are cloned here. */
  readonly hasClones: boolean
  /** A device that is the copy of another, log, ids and all. */
  clone(of: Replica): void
  /** A number that no other draft has. */
  readonly nonce: () => number
  /** Writes down what happens. */
  readonly tell: (what: string) => void
  /** What happened, in order. */
  readonly story: readonly string[]
  /** What has gone wrong already; the first of these ends the run. */
  readonly faults: unknown[]
}

export function createWorld(seed: number, replicaCount: number, hasClones: boolean): World {
  const time = createVirtualTime()
  const chance = createChance(seed)
  const story: string[] = []
  const replicas: Replica[] = []
  const faults: unknown[] = []
  const fail = (error: unknown): void => void faults.push(error)
  const network = createNetwork(chance.stream('network'))
  const hub = createHub(time, network, chance.stream('hub'), fail)
  let nonces = 0
  const world: World = {
    seed,
    time,
    chance: chance.stream('steps'),
    replicas,
    network,
    hub,
    hasClones,
    clone: (of) => {
      const copy = createReplica(`r${replicas.length + 1}`, world, chance)
      of.device.disk.copyTo(copy.device.disk)
      replicas.push(copy)
      world.tell(`${copy.name} is a copy of ${of.name}`)
    },
    story,
    faults,
    nonce: () => ++nonces,
    tell: (what) => {
      story.push(`${time.nowMs.toFixed(1)} ms: ${what}`)
      time.note(what)
    },
  }
  for (let i = 0; i < replicaCount; i++) replicas.push(createReplica(`r${i + 1}`, world, chance))
  return world
}

function createReplica(name: string, world: World, chance: Chance): Replica {
  const device = createDevice(name, world.time, chance)
  device.disk.weather.ownJournals = chance.stream(`${name}:journals`).oneIn(2)
  const ledger = createLedger()
  let pages: readonly Page[] = []
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
    open: (build) => {
      const page = openPage(device.openTab(), build, watch)
      pages = [...pages, page]
      standForLeader(page.place, build, world.hub, {
        tell: world.tell,
        fail: (error) => void world.faults.push(error),
      })
      return page
    },
    forget: (page) => {
      pages = pages.filter((other) => other !== page)
    },
    crash: () => {
      for (const page of pages) page.kill()
      pages = []
      const lost = device.crash()
      forgetBases(device.disk)
      ledger.crashed(readLog(device.disk))
      world.tell(`${name} loses power, and ${lost} transactions with it`)
    },
  }
}
