// The base store on the browser's own IndexedDB.

import {
  destroyIndexedDbBaseStore,
  openIndexedDbBaseStore,
} from '../../packages/views/src/indexeddb/base-store.ts'
import { baseStoreContract } from '../contract/base-store.contract.ts'
import { clock, scheduler } from './world.ts'

let databases = 0

baseStoreContract('IndexedDB', async () => {
  const options = { name: `base-store-${databases++}-${crypto.randomUUID()}`, scheduler, clock }
  return { open: () => openIndexedDbBaseStore(options), destroy: () => destroyIndexedDbBaseStore(options) }
})
