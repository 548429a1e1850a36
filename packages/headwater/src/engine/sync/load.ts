/**
 * Loads the code of syncing when it was asked for, beside the open database: neither opening nor any query waits for it. Calls
 * wait, and fail as loading failed.
 */
import { latePart } from '@headwater/log'
import type { SyncPlace } from '../../sync-place.ts'
import { type EngineSync, NO_SYNC, type SyncOptions } from './engine-sync.ts'

/** Syncing with a place, or none. */
export function openSync(place: SyncPlace | undefined, options: Omit<SyncOptions, 'place'>): EngineSync {
  return place ? loadSync({ ...options, place }) : NO_SYNC
}

const syncing = latePart('syncing', () => import('./start.ts'))

function loadSync(options: SyncOptions): EngineSync {
  const loading = syncing().then(({ startSync }) => startSync(options))
  loading.catch(options.onError)
  return {
    pause: async (reason) => (await loading).pause(reason),
    resume: async () => (await loading).resume(),
    reached: async (...args) => (await loading).reached(...args),
    present: async (text) => (await loading).present(text),
    giveToken: async (id, answer) => (await loading).giveToken(id, answer),
    mayDestroy: async (signal) => (await loading).mayDestroy(signal),
    // What did not load has nothing to close, and said so.
    close: () => loading.then((sync) => sync.close()).catch(() => undefined),
  }
}
