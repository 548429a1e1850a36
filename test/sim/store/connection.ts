// A tab's handle on a database, and the line between the two. What a tab says arrives in the order in which it was said;
// a line can fall silent without a word, or be taken away with one, as browsers do both.

import { type Actor, createLane } from '../time.ts'
import type { Disk, StoredDatabase } from './disk.ts'
import { fire } from './events.ts'
import type { SimObjectStore } from './object-store.ts'
import { createRecords } from './records.ts'
import { SimTransaction } from './transaction.ts'

/** The line between a tab and a database. */
export interface Connection {
  readonly tab: Actor
  readonly disk: Disk
  readonly database: StoredDatabase
  readonly handle: SimDatabase
  /** Whether its transactions and it itself are done with. */
  readonly isClosed: boolean
  /** Whether transactions are under way. */
  readonly isBusy: boolean
  /** Runs at the disk, in order. */
  send(run: () => void): void
  adopt(transaction: SimTransaction): void
  release(transaction: SimTransaction): void
  /** Takes no more transactions, and ends once those that it has are through. */
  close(): void
  /** Somebody wants to change or delete the database. */
  askToClose(): void
  /** Answers nothing any more, and says nothing of it. */
  fallSilent(): void
  /** The browser closes it. */
  takeAway(): void
  /** The tab is gone. */
  drop(): void
  /** Calls back once it is closed. */
  whenClosed(then: () => void): void
}

/** Opens a line. */
export function createConnection(tab: Actor, disk: Disk, database: StoredDatabase): Connection {
  const lane = createLane()
  const toTab = createLane()
  const live = new Set<SimTransaction>()
  const waiting: (() => void)[] = []
  let state: 'open' | 'closing' | 'silent' | 'gone' = 'open'
  const isClosed = (): boolean => state !== 'open' && live.size === 0
  const settle = (): void => {
    if (isClosed()) for (const then of waiting.splice(0)) then()
  }
  const leave = (as: 'silent' | 'gone', end: (transaction: SimTransaction) => void): void => {
    if (state === 'gone' || state === 'silent') return
    state = as
    for (const transaction of live) end(transaction)
    live.clear()
    settle()
  }
  const connection: Connection = {
    tab,
    disk,
    database,
    get handle() {
      return handle
    },
    get isClosed() {
      return isClosed()
    },
    get isBusy() {
      return live.size > 0
    },
    send: (run) => {
      const arrive = (): void => {
        if (state === 'open' || state === 'closing') run()
      }
      disk.actor.post(disk.latencyMs(), arrive, lane)
    },
    adopt: (transaction) => {
      if (state === 'closing' || state === 'gone')
        throw new DOMException('the connection is closing', 'InvalidStateError')
      live.add(transaction)
    },
    release: (transaction) => {
      live.delete(transaction)
      settle()
    },
    close: () => {
      if (state === 'open') state = 'closing'
      settle()
    },
    askToClose: () => {
      tab.post(disk.latencyMs(), () => state === 'open' && fire(handle, 'versionchange'), toTab)
    },
    fallSilent: () => leave('silent', (transaction) => transaction.drop()),
    takeAway: () => {
      leave('gone', (transaction) => transaction.lose())
      tab.post(disk.latencyMs(), () => fire(handle, 'close'), toTab)
    },
    drop: () => leave('gone', (transaction) => transaction.drop()),
    whenClosed: (then) => {
      waiting.push(then)
      settle()
    },
  }
  const handle = new SimDatabase(connection)
  return connection
}

/** What `IDBDatabase` is to IndexedDB. */
export class SimDatabase {
  onversionchange: unknown = null
  onclose: unknown = null
  readonly #connection: Connection
  /** The upgrade under way, in which stores may be made. */
  upgrade: SimTransaction | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get name(): string {
    return this.#connection.database.name
  }
  get version(): number {
    return this.#connection.database.version
  }
  get objectStoreNames(): { contains(name: string): boolean } {
    const { stores } = this.#connection.database
    return { contains: (name) => stores.has(name) }
  }

  transaction(
    stores: string | readonly string[],
    mode: IDBTransactionMode = 'readonly',
    { durability = 'relaxed' }: { durability?: 'default' | 'relaxed' | 'strict' } = {},
  ): SimTransaction {
    const names = typeof stores === 'string' ? [stores] : stores
    const missing = names.find((name) => !this.#connection.database.stores.has(name))
    if (missing !== undefined && !this.#connection.isClosed)
      throw new DOMException(`there is no store "${missing}"`, 'NotFoundError')
    return new SimTransaction(this.#connection, names, mode, durability === 'strict' ? 'strict' : 'relaxed')
  }

  createObjectStore(name: string, { autoIncrement = false } = {}): SimObjectStore {
    const { upgrade } = this
    if (!upgrade) throw new DOMException('stores are made in an upgrade', 'InvalidStateError')
    upgrade.restructure(() => {
      const { stores } = this.#connection.database
      stores.set(name, createRecords(autoIncrement))
      return () => stores.delete(name)
    })
    return upgrade.objectStore(name)
  }

  deleteObjectStore(name: string): void {
    const { upgrade } = this
    if (!upgrade) throw new DOMException('stores are deleted in an upgrade', 'InvalidStateError')
    upgrade.restructure(() => {
      const { stores } = this.#connection.database
      const before = stores.get(name)
      stores.delete(name)
      return () => before && stores.set(name, before)
    })
  }

  close(): void {
    this.#connection.close()
  }
}
