// The log's laws, checked on the log in memory.

import { createMemoryStore, openMemoryLog } from '@headwater/log'
import { describeLog } from '../contract/log.contract.ts'
import { createWorld } from './world.ts'

let seed = 0

describeLog('memory log', async () => {
  seed += 1
  const world = createWorld(seed * 1_000)
  const store = createMemoryStore(world.random)
  return {
    world,
    strictIsHeld: 'committed',
    open: async () => openMemoryLog(store, world),
    dispose: async () => undefined,
  }
})
