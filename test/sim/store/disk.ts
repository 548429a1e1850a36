// The disk of one device, and the browser process in front of it: what is committed, which transactions have their turn,
// what survives when the machine loses power. Tabs speak to it through connections (`connection.ts`), by messages that
// take time.
//
// Transactions get their turn as IndexedDB gives it: in the order in which they were created, a writing one alone on its
// stores, reading ones side by side. A strict commit puts everything before it on the platters; when the machine crashes,
// some newest part of what came after the last strict one is gone, never anything out of the middle: of each database by
// itself, or of all together, since engines keep one journal for each or one for the origin.

import type { Chance } from '../chance.ts'
import type { Actor, VirtualTime } from '../time.ts'
import { createRecords, type Entry, type Records, type Undo } from './records.ts'

/** What befalls a writing transaction at its end. */
export type Fault = 'none' | 'abort' | 'lost-completion' | 'false-abort' | 'quota' | 'closed'

/** How storage behaves. May be changed at any time. */
export interface DiskWeather {
  /** One writing transaction in so many ends in a fault; 0 for none. */
  faultOneIn: number
  /** Whether nothing more can be put. */
  isFull: boolean
  /** One message in so many takes up to a hundred times as long. */
  slowOneIn: number
  /** Whether each database has a journal of its own. */
  ownJournals: boolean
  /** What comes to pass when its turn is drawn. */
  faults: readonly Fault[]
}

/** A transaction as the disk sees it. */
export interface DiskTransaction {
  readonly scope: ReadonlySet<string>
  readonly mode: IDBTransactionMode
  readonly durability: 'relaxed' | 'strict'
  /** Called when it gets its turn. */
  readonly onStart: () => void
  /** How what it did is taken back. */
  undo: Undo[]
  /** What its stores held when a writing one got its turn. */
  before: ReadonlyMap<string, readonly Entry[]>
  state: 'waiting' | 'running' | 'done'
}

/** What those who check see of a database. */
export interface StoredContents {
  readonly version: number
  /** The committed records of a store, whatever is under way. */
  committed(store: string): readonly Entry[]
}

/** A database on the disk. */
export interface StoredDatabase extends StoredContents {
  readonly name: string
  version: number
  readonly stores: Map<string, Records>
  /** Whether it is being made: from the moment that its stores change until that is committed or taken back. */
  isUpgrading: boolean
  begin(transaction: DiskTransaction): void
  /** Ends a transaction, for good or by taking all of it back. */
  commit(transaction: DiskTransaction): void
  abort(transaction: DiskTransaction): void
  /** Removes everything. */
  wipe(): void
}

/** The disk of a device. */
export interface Disk {
  readonly actor: Actor
  readonly weather: DiskWeather
  readonly chance: Chance
  readonly time: VirtualTime
  /** Databases by name, as they are now; for those who check. */
  readonly databases: ReadonlyMap<string, StoredContents>
  open(name: string): StoredDatabase
  /** How long a message to or from a tab takes. */
  latencyMs(): number
  /** How long committing takes. */
  commitMs(durability: 'relaxed' | 'strict'): number
  /** What happens to the writing transaction that ends now. */
  drawFault(): Fault
  /** Makes another disk hold what this one has committed, keys given and all; what is only being made is not there yet. */
  copyTo(other: Disk): void
  /** Power is lost: returns how many relaxed transactions went with it. No tab may be alive. */
  crash(): number
}

/** Committed transactions that are kept to be lost; older ones are on the platters by then. */
const MOST_UNFLUSHED = 200

/** A disk with nothing on it. */
export function createDisk(name: string, time: VirtualTime, chance: Chance): Disk {
  const databases = new Map<string, StoredDatabase>()
  let journal: readonly Written[] = []
  const written = (entry: Written | 'flush', database: string): void => {
    const isFlushed = (other: Written): boolean => !weather.ownJournals || other.database === database
    if (entry === 'flush') journal = journal.filter((other) => !isFlushed(other))
    else journal = [...journal, entry].slice(-MOST_UNFLUSHED)
  }
  const weather: DiskWeather = {
    faultOneIn: 0,
    isFull: false,
    slowOneIn: 0,
    ownJournals: false,
    faults: ['abort', 'lost-completion', 'false-abort', 'quota', 'closed'],
  }
  const stretch = (ms: number): number => (chance.oneIn(weather.slowOneIn) ? ms * chance.between(1, 100) : ms)
  return {
    actor: time.createActor(`${name}:disk`),
    weather,
    chance,
    time,
    databases,
    open: (database) => {
      const known = databases.get(database) ?? createDatabase(database, written)
      databases.set(database, known)
      return known
    },
    latencyMs: () => stretch(chance.between(0.01, 0.3)),
    commitMs: (durability) =>
      stretch(durability === 'strict' ? chance.between(2, 15) : chance.between(0.05, 1)),
    drawFault: () => (chance.oneIn(weather.faultOneIn) ? chance.pick(weather.faults) : 'none'),
    copyTo: (other) => {
      for (const database of databases.values())
        if (!database.isUpgrading) copyDatabase(database, other.open(database.name))
    },
    crash: () => {
      const names = weather.ownJournals ? [...databases.keys()] : [undefined]
      const lost = names.flatMap((database) => {
        const own = journal.filter((entry) => database === undefined || entry.database === database)
        return own.slice(chance.below(own.length + 1))
      })
      for (const { undo } of lost.reverse()) takeBack(undo)
      journal = []
      return lost.length
    },
  }
}

function copyDatabase(from: StoredDatabase, to: StoredDatabase): void {
  to.version = from.version
  for (const [name, records] of from.stores) {
    const copy = createRecords(records.autoIncrement)
    for (const [index, path] of records.indexes) copy.indexes.set(index, path)
    for (const { key, value } of from.committed(name)) {
      copy.put(key, value)
      copy.raise(key)
    }
    to.stores.set(name, copy)
  }
}

/** A relaxed commit that is not on the platters yet. */
interface Written {
  readonly database: string
  readonly undo: readonly Undo[]
}

function createDatabase(
  name: string,
  written: (entry: Written | 'flush', database: string) => void,
): StoredDatabase {
  const stores = new Map<string, Records>()
  let live: DiskTransaction[] = []

  const contentsOf = (scope: ReadonlySet<string>): ReadonlyMap<string, readonly Entry[]> =>
    new Map([...scope].map((store) => [store, stores.get(store)?.list(undefined) ?? []]))
  const startReady = (): void => {
    for (const [i, transaction] of live.entries()) {
      if (transaction.state !== 'waiting') continue
      if (live.slice(0, i).some((earlier) => excludes(earlier, transaction))) continue
      transaction.state = 'running'
      if (transaction.mode === 'readwrite') transaction.before = contentsOf(transaction.scope)
      transaction.onStart()
    }
  }
  const leave = (transaction: DiskTransaction): void => {
    transaction.state = 'done'
    if (transaction.mode === 'versionchange') database.isUpgrading = false
    live = live.filter((other) => other !== transaction)
    startReady()
  }
  const database: StoredDatabase = {
    name,
    version: 0,
    stores,
    isUpgrading: false,
    committed: (store) => {
      const writer = live.find(({ state, before }) => state === 'running' && before.has(store))
      return writer?.before.get(store) ?? stores.get(store)?.list(undefined) ?? []
    },
    begin: (transaction) => {
      if (transaction.state === 'done') return // given up before it got here
      live.push(transaction)
      startReady()
    },
    commit: (transaction) => {
      if (transaction.state === 'done') return
      if (transaction.durability === 'strict') written('flush', name)
      else if (transaction.undo.length > 0) written({ database: name, undo: transaction.undo }, name)
      leave(transaction)
    },
    abort: (transaction) => {
      if (transaction.state === 'done') return
      takeBack(transaction.undo)
      leave(transaction)
    },
    wipe: () => {
      stores.clear()
      database.version = 0
      written('flush', name)
    },
  }
  return database
}

function excludes(earlier: DiskTransaction, later: DiskTransaction): boolean {
  const writes = earlier.mode !== 'readonly' || later.mode !== 'readonly'
  return writes && [...later.scope].some((store) => earlier.scope.has(store))
}

function takeBack(undo: readonly Undo[]): void {
  for (const each of [...undo].reverse()) each()
}
