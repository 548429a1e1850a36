// The IndexedDB log's database from outside: what lies in it, and how a test damages it.

import { type Log, openIndexedDbLog } from '@headwater/log'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createWorld, drawName, type World } from './world.ts'

/** A log over fake-indexeddb with its database laid open. */
export interface Laid {
  readonly world: World
  readonly name: string
  readonly factory: IDBFactory
  open(): Promise<Log>
  keys(): Promise<number[]>
  get(key: number): Promise<Uint8Array>
  /** Puts under `key`. */
  put(key: number, value: unknown): Promise<void>
  meta(key: string): Promise<unknown>
  putMeta(key: string, value: unknown): Promise<void>
}

export function layOut(seed: number, factory: IDBFactory = new IDBFactory()): Laid {
  const world = createWorld(seed)
  const name = drawName()
  const inStore = async (store: string, work: (store: IDBObjectStore) => IDBRequest): Promise<unknown> => {
    const database = await answer(factory.open(name))
    const transaction = database.transaction(store, 'readwrite')
    const value = await answer(work(transaction.objectStore(store)))
    await new Promise((resolve) => transaction.addEventListener('complete', resolve))
    database.close()
    return value
  }
  return {
    world,
    name,
    factory,
    open: () =>
      openIndexedDbLog({
        ...world,
        name,
        factory,
        keyRange: IDBKeyRange,
        answerDeadlineMs: 400,
        openDeadlineMs: 2_000,
      }),
    keys: async () => ((await inStore('records', (store) => store.getAllKeys())) as number[]).map(Number),
    get: async (key) => (await inStore('records', (store) => store.get(key))) as Uint8Array,
    put: async (key, value) => {
      await inStore('records', (store) => store.put(value, key))
    },
    meta: (key) => inStore('meta', (store) => store.get(key)),
    putMeta: async (key, value) => {
      await inStore('meta', (store) => store.put(value, key))
    },
  }
}

/** A copy with one byte changed. */
export function damaged(bytes: Uint8Array, at: number = bytes.length >> 1): Uint8Array {
  const copy = bytes.slice()
  copy[at] = copy[at]! ^ 0x55
  return copy
}

function answer<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('a request failed')))
  })
}
