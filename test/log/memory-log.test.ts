// The log's laws, checked on the log in memory.

import { createMemoryStore, openMemoryLog } from '@headwater/log'
import { describeLog, type LogUnderTest } from '../contract/log.contract.ts'
import { describeExchange } from '../contract/log-exchange.contract.ts'
import { createWorld } from './world.ts'

let seed = 0

const create = async (): Promise<LogUnderTest> => {
  seed += 1
  const world = createWorld(seed * 1_000)
  const store = createMemoryStore(world.random)
  return {
    world,
    strictIsHeld: 'committed',
    open: async () => openMemoryLog(store, world),
    dispose: async () => undefined,
  }
}

describeLog('memory log', create)
describeExchange('memory log', create)
