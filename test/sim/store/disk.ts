// The disk of one device, and the browser process in front of it: what is committed, which transactions have their turn,
// what survives when the machine loses power. Tabs speak to it through connections (`connection.ts`), by messages that
// take time.
//
// Transactions get their turn as IndexedDB gives it: in the order in which they were created, a writing one alone on its
// stores, reading ones side by side. A strict commit puts everything before it on the platters; when the machine crashes,
// some newest part of what came after the last strict one is gone, never anything out of the middle.

import type { Chance } from '../chance.ts'
import type { Actor, VirtualTime } from '../time.ts'
import type { Records, Undo } from './records.ts'

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
  state: 'waiting' | 'running' | 'done'
}

/** A database on the disk. */
export interface StoredDatabase {
  readonly name: string
  version: number
  readonly stores: Map<string, Records>
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
  readonly databases: ReadonlyMap<string, StoredDatabase>
  open(name: string): StoredDatabase
  /** How long a message to or from a tab takes. */
  latencyMs(): number
  /** How long committing takes. */
  commitMs(durability: 'relaxed' | 'strict'): number
  /** What happens to the writing transaction that ends now. */
  drawFault(): Fault
  /** Power is lost: returns how many relaxed transactions went with it. No tab may be alive. */
  crash(): number
}

/** Committed transactions that are kept to be lost; older ones are on the platters by then. */
const MOST_UNFLUSHED = 200

/** A disk with nothing on it. */
export function createDisk(name: string, time: VirtualTime, chance: Chance): Disk {
  const databases = new Map<string, MortalDatabase>()
  const weather: DiskWeather = {
    faultOneIn: 0,
    isFull: false,
    slowOneIn: 0,
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
      const known = databases.get(database) ?? createDatabase(database)
      databases.set(database, known)
      return known
    },
    latencyMs: () => stretch(chance.between(0.01, 0.3)),
    commitMs: (durability) =>
      stretch(durability === 'strict' ? chance.between(2, 15) : chance.between(0.05, 1)),
    drawFault: () => (chance.oneIn(weather.faultOneIn) ? chance.pick(weather.faults) : 'none'),
    crash: () => {
      let lost = 0
      for (const database of databases.values()) lost += database.losePower(chance)
      return lost
    },
  }
}

interface MortalDatabase extends StoredDatabase {
  losePower(chance: Chance): number
}

function createDatabase(name: string): MortalDatabase {
  const stores = new Map<string, Records>()
  let live: DiskTransaction[] = []
  let unflushed: (readonly Undo[])[] = []

  const startReady = (): void => {
    for (const [i, transaction] of live.entries()) {
      if (transaction.state !== 'waiting') continue
      if (live.slice(0, i).some((earlier) => excludes(earlier, transaction))) continue
      transaction.state = 'running'
      transaction.onStart()
    }
  }
  const leave = (transaction: DiskTransaction): void => {
    transaction.state = 'done'
    live = live.filter((other) => other !== transaction)
    startReady()
  }
  const database: MortalDatabase = {
    name,
    version: 0,
    stores,
    begin: (transaction) => {
      live.push(transaction)
      startReady()
    },
    commit: (transaction) => {
      if (transaction.state === 'done') return
      if (transaction.durability === 'strict') unflushed = []
      else if (transaction.undo.length > 0) unflushed.push(transaction.undo)
      if (unflushed.length > MOST_UNFLUSHED) unflushed.shift()
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
      unflushed = []
    },
    losePower: (chance) => {
      for (const transaction of live) takeBack(transaction.undo)
      live = []
      const kept = chance.below(unflushed.length + 1)
      const lost = unflushed.splice(kept)
      for (const undo of lost.reverse()) takeBack(undo)
      unflushed = []
      return lost.length
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
