/**
 * Opens the tracker once for the page, and puts it on `window.db`, for people who try things in the console. The views
 * fold in a worker of this tab; other tabs have their own over the same log. With whom it syncs is said by the address
 * (`devices/device.ts`).
 */

import { useDatabase } from '@headwater/react'
import { type Database, openDatabase } from 'headwater'
import { databaseNameOf, device, syncOf } from './devices/device.ts'
import { showDevice } from './devices/shown-device.ts'
import { type Tracker, tracker } from './model.ts'
import { sendSwitchesTo } from './room/break/switches.ts'
import { noteReceipts } from './room/storage/receipts.ts'

declare global {
  /** The open database of the demo. */
  var db: Database<Tracker> | undefined
}

export async function openTracker(): Promise<Database<Tracker>> {
  const opened = await openDatabase(tracker, {
    worker: () => sendSwitchesTo(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })),
    name: databaseNameOf(tracker.name, device),
    sync: syncOf(device),
  })
  const db = noteReceipts(opened)
  showDevice(db)
  globalThis.db = db
  return db
}

export const useTracker = (): Database<Tracker> => useDatabase(tracker)
