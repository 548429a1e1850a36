// What every file of tests in Node finds in the global object: an IndexedDB in memory, empty. Files share a worker, so what one
// puts there the next one would find.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'

Object.defineProperty(globalThis, 'indexedDB', {
  value: new IDBFactory(),
  configurable: true,
  writable: true,
})
