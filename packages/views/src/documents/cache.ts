/**
 * The documents of one fold that are in memory: those used last, up to a bound of 16 MiB of updates (in memory they take
 * several times that), and always the one used last. Each is what the state holds at the fold's position.
 */
import type { GroupCore } from '../group/core.ts'
import type { LoadedDocument } from './loaded.ts'

/** Documents in memory. */
export interface DocumentCache {
  get(id: string): LoadedDocument | undefined
  put(loaded: LoadedDocument): void
  drop(id: string): void
}

const MOST_BYTES = 16_777_216
const caches = new WeakMap<GroupCore, DocumentCache>()

/** The documents of a fold. */
export function documentsOf(core: GroupCore): DocumentCache {
  const known = caches.get(core) ?? createCache()
  caches.set(core, known)
  return known
}

function createCache(): DocumentCache {
  const loaded = new Map<string, LoadedDocument>()
  const shrink = (): void => {
    let bytes = 0
    for (const { size } of loaded.values()) bytes += size
    for (const [id, { size, doc }] of loaded) {
      if (bytes <= MOST_BYTES || loaded.size === 1) return
      loaded.delete(id)
      bytes -= size
      doc.destroy()
    }
  }
  return {
    get(id) {
      const found = loaded.get(id)
      if (found === undefined) return undefined
      loaded.delete(id)
      loaded.set(id, found)
      return found
    },
    put(document) {
      loaded.delete(document.id)
      loaded.set(document.id, document)
      shrink()
    },
    drop: (id) => loaded.delete(id),
  }
}
