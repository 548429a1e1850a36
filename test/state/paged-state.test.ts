// The state on the base stores that run outside a browser.

import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import {
  destroyIndexedDbBaseStore,
  openIndexedDbBaseStore,
} from '../../packages/views/src/indexeddb/base-store.ts'
import { createMemoryBases } from '../../packages/views/src/state/memory-base-store.ts'
import { pagedStateContract } from '../contract/paged-state.contract.ts'
import { clock, scheduler } from './world.ts'

globalThis.IDBKeyRange ??= IDBKeyRange

pagedStateContract('memory', async () => {
  const bases = createMemoryBases()
  return { open: async () => bases.open(), destroy: async () => bases.destroy() }
})

pagedStateContract('fake IndexedDB', async () => {
  const options = { name: 'bases', factory: new IDBFactory(), scheduler, clock }
  return { open: () => openIndexedDbBaseStore(options), destroy: () => destroyIndexedDbBaseStore(options) }
})
