// A device: one browser profile with its disk, its wall clock and its tabs. Tabs come and go, freeze and thaw, die; the
// whole device can lose power. A tab here is only the platform that it stands on; what runs in it is somebody else's.

import type { Socket } from '@headwater/replication'
import type { Platform } from 'headwater'
import type { Chance } from './chance.ts'
import { type Channels, createChannels } from './platform/channels.ts'
import { createLockTable, createTabLocks } from './platform/locks.ts'
import { createScheduler } from './platform/scheduler.ts'
import { createDisk, type Disk } from './store/disk.ts'
import { createStorage, type Storage } from './store/factory.ts'
import { createFakeStorage } from './store/fake.ts'
import type { Actor, VirtualTime } from './time.ts'

/** When worlds begin, by the wall. */
export const START_MS = 1_750_000_000_000

/** A tab, as far as the device knows it. */
export interface TabPlace {
  readonly name: string
  readonly actor: Actor
  readonly platform: Platform
  /** Takes effect once no transaction is under way: browsers do not freeze a page that others wait for. */
  freeze(): void
  thaw(): void
  /** It dies without a word. */
  kill(): void
}

export interface Device {
  readonly name: string
  readonly disk: Disk
  /** How far its wall clock is from the world's. */
  clockOffsetMs: number
  readonly now: () => number
  openTab(): TabPlace
  /** Whether what lies on its disk can be told from what is under way. */
  readonly isSettled: () => boolean
  /** Takes the storage of a tab away, as browsers do at times. */
  loseConnections(tab: TabPlace): void
  /** Power is lost; all its tabs die. Returns how many transactions the disk lost. */
  crash(): number
}

/** How the tabs of a device reach those of others. */
export interface Links {
  readonly openSocket: (tab: Actor, chance: Chance) => () => Socket
  /** What pages of one origin hear of each other, on whatever device they are here. */
  readonly nearby: Channels
}

/** What stands for IndexedDB: the simulated disk, or fake-indexeddb, which knows nothing of crashes. */
export type Store = 'simulated' | 'fake-indexeddb'

export function createDevice(
  name: string,
  time: VirtualTime,
  chance: Chance,
  links: Links,
  store: Store = 'simulated',
): Device {
  const simulated = createDisk(name, time, chance.stream(`${name}:disk`))
  const storage = store === 'simulated' ? createStorage(simulated) : createFakeStorage(simulated)
  const { disk } = storage
  const parts: Parts = {
    time,
    chance,
    links,
    storage,
    table: createLockTable(),
    channels: createChannels(chance.stream(`${name}:channels`)),
  }
  const tabs = new Set<TabPlace>()
  let opened = 0
  const device: Device = {
    name,
    disk,
    clockOffsetMs: 0,
    isSettled: () => storage.isSettled(),
    now: () => Math.floor(START_MS + time.nowMs + device.clockOffsetMs),
    openTab: () => {
      const tab = createTab(`${name}.${++opened}`, device, parts, () => tabs.delete(tab))
      tabs.add(tab)
      return tab
    },
    loseConnections: ({ actor }) => parts.storage.takeAway(actor),
    crash: () => {
      for (const tab of tabs) tab.kill()
      return disk.crash()
    },
  }
  return device
}

interface Parts {
  readonly time: VirtualTime
  readonly chance: Chance
  readonly links: Links
  readonly storage: Storage
  readonly table: ReturnType<typeof createLockTable>
  readonly channels: Channels
}

const FREEZE_LOOK_MS = 1

function createTab(name: string, device: Device, parts: Parts, gone: () => void): TabPlace {
  const { time, storage, channels, links } = parts
  const chance = parts.chance.stream(name)
  const actor = time.createActor(name)
  const { locks, drop: dropLocks } = createTabLocks(parts.table, actor, chance)
  let wantsFreeze = false
  const freeze = (): void => {
    if (!wantsFreeze || actor.state !== 'awake') return
    if (storage.isBusy(actor)) device.disk.actor.post(FREEZE_LOOK_MS, freeze)
    else actor.freeze()
  }
  return {
    name,
    actor,
    platform: {
      clock: { now: device.now },
      random: { bytes: chance.stream('ids').bytes },
      scheduler: createScheduler(time, actor, chance),
      locks: () => locks,
      openChannel: channels.openFor(actor),
      openSocket: links.openSocket(actor, chance),
      openNearby: (name) => (listener) => links.nearby.openFor(actor)(name, listener),
      onOnline: () => () => undefined,
      strictHonoured: true,
      indexedDb: storage.openFor(actor),
    },
    freeze: () => {
      wantsFreeze = true
      freeze()
    },
    thaw: () => {
      wantsFreeze = false
      actor.thaw()
    },
    kill: () => {
      actor.kill()
      storage.drop(actor)
      channels.drop(actor)
      links.nearby.drop(actor)
      dropLocks()
      gone()
    },
  }
}
