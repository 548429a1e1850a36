/**
 * A base store whose manifests never get ahead of the log. A base is folded from events that may be relaxed; where log and bases
 * have journals of their own (Firefox, WebKit), losing power could keep the base and lose the events, and once the log had
 * grown again nobody could tell that the base holds what never was. So the log is made durable before a manifest is
 * stored (V2): a strict write, off the path of appends, and none where nothing came since the last one.
 */
import type { Log } from '@headwater/log'
import type { BaseStore } from './base-store.ts'

/** The same store, behind this log. */
export function createStoreBehind(store: BaseStore, log: Pick<Log, 'harden'>): BaseStore {
  return {
    ...store,
    putManifest: async (draft) => {
      await log.harden()
      return store.putManifest(draft)
    },
  }
}
