// The log's laws, checked on the IndexedDB log over fake-indexeddb.

import { openIndexedDbLog } from '@headwater/log'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { describeLog, type LogUnderTest } from '../contract/log.contract.ts'
import { describeExchange } from '../contract/log-exchange.contract.ts'
import { createWorld, drawName } from './world.ts'

let seed = 0

const create = async (): Promise<LogUnderTest> => {
  seed += 1
  const world = createWorld(seed * 1_000)
  const factory = new IDBFactory()
  const name = drawName()
  return {
    world,
    strictIsHeld: 'durable',
    open: () => openIndexedDbLog({ ...world, name, factory, keyRange: IDBKeyRange, strictHonoured: true }),
    dispose: async () => undefined,
  }
}

describeLog('IndexedDB log over fake-indexeddb', create)
describeExchange('IndexedDB log over fake-indexeddb', create)
