// An IDBFactory over fake-indexeddb that fails on demand, the ways browsers do: a completion that never arrives, an abort
// that is reported though the transaction has committed, a handle closed underneath, a full disk.

import { IDBFactory } from 'fake-indexeddb'

/** What befalls the next writing transactions. */
export type Fault = 'lost-completion' | 'false-abort' | 'abort' | 'handle-closed' | 'quota'

export interface FaultyFactory {
  readonly factory: IDBFactory
  /** Faults for the next writing transactions, in order. */
  readonly faults: Fault[]
  /** Databases opened so far. */
  opened(): number
  /** Tells a handle that was opened before what a browser tells it when it takes the storage away. */
  closeAll(): void
}

export function createFaultyFactory(real: IDBFactory = new IDBFactory()): FaultyFactory {
  const faults: Fault[] = []
  const databases: IDBDatabase[] = []
  const open: IDBFactory['open'] = (name, version) => {
    const request = real.open(name, version)
    request.addEventListener('success', () => {
      databases.push(request.result)
      breakWrites(request.result, faults)
    })
    return request
  }
  const factory = new Proxy(real, {
    get: (target, key) => (key === 'open' ? open : bound(target, key)),
  })
  return {
    factory,
    faults,
    opened: () => databases.length,
    closeAll: () => {
      for (const database of databases) {
        database.close()
        database.onclose?.(new Event('close'))
      }
    },
  }
}

function bound(target: object, key: string | symbol): unknown {
  const member: unknown = Reflect.get(target, key)
  return typeof member === 'function' ? member.bind(target) : member
}

function breakWrites(database: IDBDatabase, faults: Fault[]): void {
  const begin = database.transaction.bind(database)
  database.transaction = (stores, mode, options) => {
    const fault = mode === 'readwrite' ? faults.shift() : undefined
    if (fault === 'handle-closed') database.close()
    const transaction = begin(stores, mode, options)
    if (fault) breakTransaction(transaction, fault)
    return transaction
  }
}

function breakTransaction(transaction: IDBTransaction, fault: Fault): void {
  if (fault === 'lost-completion' || fault === 'false-abort')
    hideCompletion(transaction, fault === 'false-abort')
  if (fault === 'abort') transaction.commit = () => transaction.abort()
  if (fault === 'quota') {
    transaction.commit = () => {
      throw new DOMException('the disk is full', 'QuotaExceededError')
    }
  }
}

function hideCompletion(transaction: IDBTransaction, reportsAbort: boolean): void {
  const heard: ((event: Event) => void)[] = []
  const listenTo = (listener: (event: Event) => void): void => {
    heard.push(listener)
  }
  Object.defineProperty(transaction, 'oncomplete', { set: () => {} })
  Object.defineProperty(transaction, 'onabort', { set: listenTo })
  if (!reportsAbort) return
  transaction.addEventListener('complete', (event) => {
    for (const listener of heard) listener(event)
  })
}
