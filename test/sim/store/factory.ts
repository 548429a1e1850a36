// What `indexedDB` is to a tab: opening and deleting databases of its device's disk. Who opens in a newer version, or
// deletes, first asks the others to let go and waits until they have; meanwhile nobody else gets in.

import { type Actor, createLane } from '../time.ts'
import { type Connection, createConnection } from './connection.ts'
import type { Disk, StoredDatabase } from './disk.ts'
import { fire, SimRequest } from './events.ts'
import { SimKeyRange } from './keys.ts'
import { SimTransaction } from './transaction.ts'

/** IndexedDB, as it is handed to a log and its bases. */
export interface SimIndexedDb {
  readonly factory: IDBFactory
  readonly keyRange: typeof IDBKeyRange
}

/** The databases of one device, as all its tabs have them. */
export interface Storage {
  readonly disk: Disk
  /** IndexedDB for a tab. */
  openFor(tab: Actor): SimIndexedDb
  /** A tab is gone: its handles with it. Those that it opens no more are passed over. */
  drop(tab: Actor): void
  /** Takes a tab's handles away, as browsers do. */
  takeAway(tab: Actor): void
  /** Whether what lies on the disk can be told from what is under way. */
  isSettled(): boolean
  /** Whether a tab has transactions under way or handles that are being opened. */
  isBusy(tab: Actor): boolean
}

interface Door {
  readonly connections: Set<Connection>
  /** Who wants in, first come first served. */
  readonly queue: ((done: () => void) => void)[]
  isOpening: boolean
}

/** Puts IndexedDB in front of a disk. */
export function createStorage(disk: Disk): Storage {
  const doors = new Map<StoredDatabase, Door>()
  const doorOf = (database: StoredDatabase): Door => {
    const door = doors.get(database) ?? { connections: new Set(), queue: [], isOpening: false }
    doors.set(database, door)
    return door
  }
  const connectionsOf = (tab: Actor): readonly Connection[] =>
    [...doors.values()].flatMap(({ connections }) => [...connections].filter((each) => each.tab === tab))
  return {
    disk,
    openFor: (tab) => {
      const factory = {
        open: (name: string, version = 1) => openDatabase(tab, disk, doorOf, name, version),
        deleteDatabase: (name: string) => deleteDatabase(tab, disk, doorOf, name),
      }
      // Of IndexedDB's own types only what the packages call is here; what they would call beyond fails as undefined.
      return {
        factory: factory as unknown as IDBFactory,
        keyRange: SimKeyRange as unknown as typeof IDBKeyRange,
      }
    },
    drop: (tab) => {
      for (const connection of connectionsOf(tab)) connection.drop()
    },
    takeAway: (tab) => {
      for (const connection of connectionsOf(tab)) connection.takeAway()
    },
    isSettled: () => true,
    isBusy: (tab) => connectionsOf(tab).some(({ isBusy }) => isBusy),
  }
}

type DoorOf = (database: StoredDatabase) => Door

function openDatabase(tab: Actor, disk: Disk, doorOf: DoorOf, name: string, version: number): SimRequest {
  const request = new SimRequest()
  const lane = createLane()
  const tell = (run: () => void): void => void tab.post(disk.latencyMs(), run, lane)
  const refuse = (reason: DOMException): void =>
    tell(() => {
      request.error = reason
      fire(request, 'error')
    })
  const letIn = ({ handle }: Connection): void =>
    tell(() => {
      request.result = handle
      fire(request, 'success')
    })
  const upgradeTo = (database: StoredDatabase, door: Door, done: () => void): void => {
    const connection = enter(tab, disk, database, door)
    upgrade(connection, request, version, tell, (isDone) => {
      if (isDone) letIn(connection)
      else {
        connection.drop()
        refuse(new DOMException('the upgrade was aborted', 'AbortError'))
      }
      done()
    })
  }
  knock(tab, disk, doorOf, name, (database, door, done) => {
    if (database.version < version) {
      const blocked = (): void => tell(() => fire(request, 'blocked'))
      const empty = (): void => (tab.state === 'dead' ? done() : upgradeTo(database, door, done))
      clear(door, disk, blocked, empty)
      return
    }
    if (database.version === version) letIn(enter(tab, disk, database, door))
    else refuse(new DOMException(`version ${database.version} is stored`, 'VersionError'))
    done()
  })
  return request
}

function deleteDatabase(tab: Actor, disk: Disk, doorOf: DoorOf, name: string): SimRequest {
  const request = new SimRequest()
  const tell = (type: string): void => void tab.post(disk.latencyMs(), () => fire(request, type))
  knock(tab, disk, doorOf, name, (database, door, done) => {
    const empty = (): void => {
      database.wipe()
      tell('success')
      done()
    }
    clear(door, disk, () => tell('blocked'), empty)
  })
  return request
}

/** Waits in the queue of a database until it is one's turn. */
function knock(
  tab: Actor,
  disk: Disk,
  doorOf: DoorOf,
  name: string,
  enterAs: (database: StoredDatabase, door: Door, done: () => void) => void,
): void {
  disk.actor.post(disk.latencyMs(), () => {
    const database = disk.open(name)
    const door = doorOf(database)
    const next = (): void => {
      const first = door.queue.shift()
      door.isOpening = first !== undefined
      first?.(next)
    }
    door.queue.push((done) => {
      if (tab.state === 'dead') done()
      else enterAs(database, door, done)
    })
    if (!door.isOpening) next()
  })
}

function enter(tab: Actor, disk: Disk, database: StoredDatabase, door: Door): Connection {
  const connection = createConnection(tab, disk, database)
  door.connections.add(connection)
  connection.whenClosed(() => door.connections.delete(connection))
  return connection
}

/** Has everybody let go, and says so when somebody does not at once. */
function clear(door: Door, disk: Disk, blocked: () => void, empty: () => void): void {
  const inside = [...door.connections]
  for (const connection of inside) connection.askToClose()
  const isLeft = (): boolean => inside.some(({ isClosed }) => !isClosed)
  if (inside.length === 0) empty()
  disk.actor.post(disk.latencyMs() * 4, () => {
    if (isLeft()) blocked()
  })
  let isEmptied = false
  for (const connection of inside)
    connection.whenClosed(() => {
      if (isEmptied || isLeft()) return
      isEmptied = true
      empty()
    })
}

function upgrade(
  connection: Connection,
  request: SimRequest,
  version: number,
  tell: (run: () => void) => void,
  ended: (isDone: boolean) => void,
): void {
  const { database, handle } = connection
  let hasEnded = false
  const end = (committed: boolean): void => {
    if (!hasEnded) ended(committed)
    hasEnded = true
  }
  connection.whenClosed(() => end(false)) // the tab died on the way
  tell(() => {
    const transaction = new SimTransaction(connection, [], 'versionchange', 'relaxed')
    transaction.whenEnded((committed) => {
      handle.upgrade = undefined
      request.transaction = null
      connection.disk.actor.post(0, () => end(committed))
    })
    const oldVersion = database.version
    transaction.restructure(() => {
      database.version = version
      database.isUpgrading = true
      return () => {
        database.version = oldVersion
      }
    })
    handle.upgrade = transaction
    request.result = handle
    request.transaction = transaction
    fire(request, 'upgradeneeded', { oldVersion, newVersion: version })
  })
}
