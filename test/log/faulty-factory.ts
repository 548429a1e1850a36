// An IDBFactory over fake-indexeddb that fails on demand, the ways browsers do: a completion or an answer that never
// arrives, an abort that is reported though the transaction has committed, a handle closed underneath, a full disk.

import { IDBFactory } from 'fake-indexeddb'

/** What befalls the next writing transactions. */
export type Fault = 'none' | 'lost-completion' | 'false-abort' | 'abort' | 'handle-closed' | 'quota'

export interface FaultyFactory {
  readonly factory: IDBFactory
  /** Faults for the next writing transactions, in order. */
  readonly faults: Fault[]
  /** Makes the next reading transactions give no answer. */
  loseReads(count: number): void
  /** Databases opened so far. */
  opened(): number
  /** Tells a handle that was opened before what a browser tells it when it takes the storage away. */
  closeAll(): void
  /** Closes them without a word. */
  closeQuietly(): void
}

export function createFaultyFactory(real: IDBFactory = new IDBFactory()): FaultyFactory {
  const faults: Fault[] = []
  const databases: IDBDatabase[] = []
  let readsToLose = 0
  const losesRead = (): boolean => readsToLose > 0 && readsToLose-- > 0
  const open: IDBFactory['open'] = (name, version) => {
    const request = real.open(name, version)
    request.addEventListener('success', () => {
      databases.push(request.result)
      breakTransactions(request.result, faults, losesRead)
    })
    return request
  }
  const factory = new Proxy(real, {
    get: (target, key) => (key === 'open' ? open : bound(target, key)),
  })
  return {
    factory,
    faults,
    loseReads: (count) => {
      readsToLose = count
    },
    opened: () => databases.length,
    closeQuietly: () => {
      for (const database of databases) database.close()
    },
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

function breakTransactions(database: IDBDatabase, faults: Fault[], losesRead: () => boolean): void {
  const begin = database.transaction.bind(database)
  database.transaction = (stores, mode, options) => {
    const fault = mode === 'readwrite' ? faults.shift() : undefined
    if (fault === 'handle-closed') database.close()
    const transaction = begin(stores, mode, options)
    if (fault) breakTransaction(transaction, fault)
    if (mode !== 'readwrite' && losesRead()) loseAnswers(transaction)
    return transaction
  }
}

function loseAnswers(transaction: IDBTransaction): void {
  const silent = new Proxy({}, { get: () => () => ({}) })
  Object.defineProperty(transaction, 'objectStore', { value: () => silent })
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
