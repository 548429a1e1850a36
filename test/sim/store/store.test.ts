// The real log and the real base store on the simulated IndexedDB: what holds on fake-indexeddb and in a browser must hold
// here, or the simulator tests something else.

import { openIndexedDbLog } from '@headwater/log'
import { afterEach } from 'vitest'
import {
  destroyIndexedDbBaseStore,
  openIndexedDbBaseStore,
} from '../../../packages/views/src/indexeddb/base-store.ts'
import { baseStoreContract } from '../../contract/base-store.contract.ts'
import { describeLog } from '../../contract/log.contract.ts'
import { createWorld, drawName } from '../../log/world.ts'
import { createChance } from '../chance.ts'
import { createDevice, type TabPlace } from '../device.ts'
import { createChannels } from '../platform/channels.ts'
import { createSocketFactory } from '../socket.ts'
import { type Actor, createVirtualTime, keepRunning } from '../time.ts'

let seed = 0
const running: (() => void)[] = []
afterEach(() => {
  for (const stop of running.splice(0)) stop()
})

/** A tab of a fresh device, in a world that runs until the test ends. */
function openTab(): TabPlace {
  seed += 1
  const time = createVirtualTime()
  running.push(keepRunning(time))
  const chance = createChance(seed)
  const links = {
    openSocket: (tab: Actor) =>
      createSocketFactory(tab, chance, () => {
        throw new Error('nobody is there')
      }),
    nearby: createChannels(chance),
  }
  return createDevice('device', time, chance, links).openTab()
}

describeLog('IndexedDB log over the simulated store', async () => {
  const { platform } = openTab()
  const world = { ...createWorld(seed * 1_000), scheduler: platform.scheduler }
  const name = drawName()
  return {
    world,
    strictIsHeld: 'durable',
    open: () => openIndexedDbLog({ ...world, name, ...platform.indexedDb!, strictHonoured: true }),
    dispose: async () => undefined,
  }
})

baseStoreContract('IndexedDB over the simulated store', async () => {
  const { platform } = openTab()
  const options = { name: 'bases', ...platform, ...platform.indexedDb! }
  return { open: () => openIndexedDbBaseStore(options), destroy: () => destroyIndexedDbBaseStore(options) }
})
