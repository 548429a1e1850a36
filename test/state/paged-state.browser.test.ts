// The state on the browser's own IndexedDB.

import {
  destroyIndexedDbBaseStore,
  openIndexedDbBaseStore,
} from '../../packages/views/src/indexeddb/base-store.ts'
import { pagedStateContract } from '../contract/paged-state.contract.ts'
import { clock, scheduler } from './world.ts'

pagedStateContract('IndexedDB', async () => {
  const options = { name: `paged-state-${crypto.randomUUID()}`, scheduler, clock }
  return { open: () => openIndexedDbBaseStore(options), destroy: () => destroyIndexedDbBaseStore(options) }
})
