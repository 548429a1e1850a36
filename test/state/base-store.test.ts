// The base stores that run outside a browser.

import { isHeadwaterError, type Scheduler } from '@headwater/log'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { expect, test, vi } from 'vitest'
import {
  destroyIndexedDbBaseStore,
  openIndexedDbBaseStore,
} from '../../packages/views/src/indexeddb/base-store.ts'
import type { BaseStore, PageId } from '../../packages/views/src/state/base-store.ts'
import { createMemoryBases } from '../../packages/views/src/state/memory-base-store.ts'
import { baseStoreContract } from '../contract/base-store.contract.ts'
import { clock, scheduler } from './world.ts'

globalThis.IDBKeyRange ??= IDBKeyRange

baseStoreContract('memory', async () => {
  const bases = createMemoryBases()
  return { open: async () => bases.open(), destroy: async () => bases.destroy() }
})

baseStoreContract('fake IndexedDB', async () => {
  const options = { name: 'bases', factory: new IDBFactory(), scheduler, clock }
  return { open: () => openIndexedDbBaseStore(options), destroy: () => destroyIndexedDbBaseStore(options) }
})

test('an open that is never answered ends by name at its deadline (D4)', async () => {
  const factory = new IDBFactory()
  factory.open = () => ({}) as IDBOpenDBRequest
  const opening = openIndexedDbBaseStore({ name: 'bases', factory, scheduler, clock, openDeadlineMs: 20 })
  const refused = await opening.catch((error: unknown) => error)
  expect(isHeadwaterError(refused, 'STORAGE_BLOCKED')).toBe(true)
})

test('a database of a newer format is refused by name, untouched', async () => {
  const factory = new IDBFactory()
  await new Promise((resolve) => {
    const request = factory.open('bases', 99)
    request.onsuccess = () => resolve(request.result.close())
  })
  const refused = await openIndexedDbBaseStore({ name: 'bases', factory, scheduler, clock }).catch(
    (error: unknown) => error,
  )
  expect(isHeadwaterError(refused, 'FORMAT_NEWER')).toBe(true)
  expect((await factory.databases())[0]?.version).toBe(99)
})

test('a lost connection is opened again, once; a full disk is named', async () => {
  const { factory, handles } = watchHandles()
  const store = await openIndexedDbBaseStore({ name: 'bases', factory, scheduler, clock })
  const [id] = await store.putPages(['kept'])
  handles.at(-1)!.close()
  expect(await store.getPages([id!])).toEqual(['kept'])
  expect(handles).toHaveLength(2)
  handles.at(-1)!.transaction = () => {
    throw new DOMException('no room', 'QuotaExceededError')
  }
  const refused = await store.putPages(['more']).catch((error: unknown) => error)
  expect(isHeadwaterError(refused, 'STORAGE_FULL')).toBe(true)
  await store.close()
})

test('a handle that falls silent is given up at its deadline, and another answers (D4)', async () => {
  const { factory, handles } = watchHandles()
  const options = { name: 'bases', factory, scheduler, clock, answerDeadlineMs: 20 }
  const store = await openIndexedDbBaseStore(options)
  const [id] = await store.putPages(['kept'])
  silence(handles.at(-1)!)
  expect(await store.getPages([id!])).toEqual(['kept'])
  expect(handles).toHaveLength(2)
  await store.close()
})

test('a call that a silent handle owes an answer gives up that handle, and none that took its place', async () => {
  const { store, id, handles, deadlines } = await openSilent()
  const asked = [store.getPages([id]), store.getPages([id])]
  await vi.waitUntil(() => deadlines.length === 2)
  for (const [i, answer] of asked.entries()) {
    deadlines[i]!()
    expect(await answer).toEqual(['kept'])
  }
  expect(handles).toHaveLength(2)
  await store.close()
})

test('who waits for a silent handle is answered by another as soon as one deadline has passed (D4)', async () => {
  const { store, id, handles, deadlines } = await openSilent()
  const asked = Array.from({ length: 3 }, () => store.getPages([id]))
  await vi.waitUntil(() => deadlines.length === 3)
  deadlines[0]!()
  expect(await Promise.all(asked)).toEqual([['kept'], ['kept'], ['kept']])
  expect(handles).toHaveLength(2)
  await store.close()
})

test('calls that lose their connection together are tried again on one new one', async () => {
  const { factory, handles } = watchHandles()
  const store = await openIndexedDbBaseStore({ name: 'bases', factory, scheduler, clock })
  const [id] = await store.putPages(['kept'])
  handles.at(-1)!.close()
  const found = await Promise.all([1, 2, 3].map(() => store.getPages([id!])))
  expect(found).toEqual([['kept'], ['kept'], ['kept']])
  expect(handles).toHaveLength(2)
  await store.close()
})

/** A store with one page, whose handle has fallen silent; deadlines pass when they are called. */
async function openSilent(): Promise<{
  readonly store: BaseStore
  readonly id: PageId
  readonly handles: readonly IDBDatabase[]
  readonly deadlines: readonly (() => void)[]
}> {
  const { factory, handles } = watchHandles()
  const deadlines: (() => void)[] = []
  const byHand: Scheduler = {
    ...scheduler,
    after(_delayMs, run) {
      deadlines.push(run)
      return () => undefined
    },
  }
  const store = await openIndexedDbBaseStore({ name: 'bases', factory, scheduler: byHand, clock })
  const [id] = await store.putPages(['kept'])
  silence(handles.at(-1)!)
  deadlines.length = 0
  return { store, id: id!, handles, deadlines }
}

/** A factory that notes every handle that it gives. */
function watchHandles(): { readonly factory: IDBFactory; readonly handles: readonly IDBDatabase[] } {
  const factory = new IDBFactory()
  const handles: IDBDatabase[] = []
  const open = factory.open.bind(factory)
  factory.open = (name, version) => {
    const request = open(name, version)
    request.addEventListener('success', () => handles.push(request.result))
    return request
  }
  return { factory, handles }
}

function silence(handle: IDBDatabase): void {
  const silent = new Proxy({}, { get: () => () => ({}), set: () => true })
  handle.transaction = () => ({ objectStore: () => silent }) as unknown as IDBTransaction
}
