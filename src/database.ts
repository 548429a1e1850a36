/**
 * Opens the tracker once for the page, and puts it on `window.db`, for people who try things in the console. The views
 * fold in a worker of this tab; other tabs have their own over the same log. With `?workspace=team` in the address it
 * syncs with all who have that too, through the hub of the server that the page comes from, or of another port there
 * (`&hub=8787`).
 */

import { useDatabase } from '@headwater/react'
import { type Database, hub, openDatabase, type SyncSpec } from 'headwater'
import { type Tracker, tracker } from './model.ts'

declare global {
  /** The open database of the demo. */
  var db: Database<Tracker> | undefined
}

export async function openTracker(): Promise<Database<Tracker>> {
  const db = await openDatabase(tracker, {
    worker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    sync: syncOf(new URL(location.href)),
  })
  db.presence?.set('here')
  globalThis.db = db
  return db
}

/** Only hosts that serve the page: an address that somebody sends must not bring the data elsewhere. */
function syncOf({ searchParams, hostname }: URL): SyncSpec | undefined {
  const workspace = searchParams.get('workspace')
  const port = Number(searchParams.get('hub'))
  if (workspace === null) return undefined
  return hub({ url: port > 0 ? `ws://${hostname}:${port}` : './hub', workspace })
}

export const useTracker = (): Database<Tracker> => useDatabase(tracker)
