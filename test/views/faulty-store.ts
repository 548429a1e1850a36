// A store of bases whose n-th write fails, before or after it was done, as a tab that dies or a disk that is full makes it.

import { HeadwaterError } from '@headwater/log'
import type { BaseStore } from '@headwater/views'

export interface FaultyStore extends BaseStore {
  /** Writes so far. */
  readonly writes: number
  /** The write of this number fails, and every one after it: the tab is as good as dead. */
  failAt(write: number, when: 'before' | 'after'): void
  /** From now on writes succeed. */
  mend(): void
}

export function createFaultyStore(store: BaseStore): FaultyStore {
  let writes = 0
  let fault: { readonly at: number; readonly when: 'before' | 'after' } | undefined
  const write = async <T>(act: () => Promise<T>): Promise<T> => {
    writes++
    const fails = fault !== undefined && writes >= fault.at
    if (fails && (fault?.when === 'before' || writes > (fault?.at ?? 0))) throw lost()
    const result = await act()
    if (fails) throw lost()
    return result
  }
  return {
    ...store,
    get writes() {
      return writes
    },
    failAt(at, when) {
      fault = { at, when }
    },
    mend() {
      fault = undefined
    },
    putPages: (pages) => write(() => store.putPages(pages)),
    putManifest: (draft) => write(() => store.putManifest(draft)),
    remove: (manifests, pages) => write(() => store.remove(manifests, pages)),
  }
}

function lost(): HeadwaterError {
  return new HeadwaterError('STORAGE_LOST', 'The store is gone, says the test.', { hint: 'Open it again.' })
}
