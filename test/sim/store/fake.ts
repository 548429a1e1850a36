// fake-indexeddb in the place of the simulated disk: another implementation of the same interface, on the same virtual time. It
// has neither crashes nor faults, and a dead tab's handles stay open; worlds over it have other weather only.

import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import type { Chance } from '../chance.ts'
import { createLane, type VirtualTime } from '../time.ts'
import type { Disk, StoredContents } from './disk.ts'
import type { Storage } from './factory.ts'
import type { Entry } from './records.ts'

/** What fake-indexeddb does later, it does in tasks of this world until told to stop. */
export function runFakesOn(time: VirtualTime, chance: Chance): () => void {
  const { setImmediate } = globalThis
  const actor = time.createActor('fake-indexeddb')
  const ofFakes = chance.stream('fake-indexeddb')
  const lane = createLane()
  const later = (run: () => void): void => void actor.post(ofFakes.between(0.005, 0.1), run, lane)
  globalThis.setImmediate = later as typeof setImmediate // called with a function, and nobody takes it back
  return () => {
    globalThis.setImmediate = setImmediate
  }
}

/** The databases of one device in fake-indexeddb, read by those who check as if they lay on its disk. */
export function createFakeStorage(disk: Disk): Storage {
  const factory = new IDBFactory()
  return {
    disk: {
      ...disk,
      get databases() {
        return new Map([...rawDatabases(factory)].map(([name, raw]) => [name, contentsOf(raw)]))
      },
    },
    openFor: () => ({ factory, keyRange: IDBKeyRange }),
    drop: () => undefined,
    takeAway: () => undefined,
    isSettled: () => ![...rawDatabases(factory).values()].some(isWriting),
    isBusy: () => false,
  }
}

/** What fake-indexeddb keeps of a database, as its version 6 does. */
interface RawDatabase {
  readonly version: number
  readonly transactions: readonly { readonly mode: string; readonly _state: string }[]
  readonly rawObjectStores: ReadonlyMap<
    string,
    { readonly records: { values(): Iterable<{ readonly key: IDBValidKey; readonly value: unknown }> } }
  >
}

function rawDatabases(factory: IDBFactory): ReadonlyMap<string, RawDatabase> {
  return Reflect.get(factory, '_databases')
}

/** While somebody writes, what lies there is not all committed. */
function isWriting({ transactions }: RawDatabase): boolean {
  return transactions.some(({ mode, _state }) => mode !== 'readonly' && _state !== 'finished')
}

function contentsOf({ version, rawObjectStores }: RawDatabase): StoredContents {
  const stores = new Map(
    [...rawObjectStores].map(([name, { records }]) => [name, [...records.values()].map(toEntry)] as const),
  )
  return { version, committed: (store) => stores.get(store) ?? [] }
}

function toEntry({ key, value }: { readonly key: IDBValidKey; readonly value: unknown }): Entry {
  return { key: key as Entry['key'], value } // the packages key by numbers and texts
}
