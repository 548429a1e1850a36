// A base store whose writes can be made to fail, be held up or be counted: what a crash, a full disk and a slow disk look
// like from above.

import { HeadwaterError } from '@headwater/log'
import type { BaseStore } from '../../packages/views/src/state/base-store.ts'

export interface FlakyStore extends BaseStore {
  /** Writes (pages or manifests) that still succeed; endless at first. */
  writesLeft: number
  /** Writes so far. */
  writes: number
  manifestsWritten: number
  /** Called before each write. */
  beforeWrite: () => void | Promise<void>
  /** Called before pages are read. */
  beforeRead: () => void | Promise<void>
}

export function createFlakyStore(store: BaseStore): FlakyStore {
  const write = async <T>(run: () => Promise<T>): Promise<T> => {
    await flaky.beforeWrite()
    if (flaky.writesLeft-- <= 0)
      throw new HeadwaterError('STORAGE_FULL', 'The disk is full.', { hint: 'Free some.' })
    flaky.writes++
    return run()
  }
  const flaky: FlakyStore = {
    ...store,
    writesLeft: Number.POSITIVE_INFINITY,
    writes: 0,
    manifestsWritten: 0,
    beforeWrite: () => undefined,
    beforeRead: () => undefined,
    putPages: (pages) => write(() => store.putPages(pages)),
    putManifest: (draft) =>
      write(async () => {
        const id = await store.putManifest(draft)
        if (typeof id === 'number') flaky.manifestsWritten++
        return id
      }),
    async getPages(ids) {
      await flaky.beforeRead()
      return store.getPages(ids)
    },
  }
  return flaky
}
