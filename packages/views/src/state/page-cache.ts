/**
 * Clean pages in memory, bounded by bytes, shared by all states of a database: page ids are never given twice, so a
 * page cannot stand for another. The least recently used pages leave first; a page above the whole bound is not kept.
 */
import type { PageId } from './base-store.ts'
import type { Page } from './page.ts'

/** About how much more than its text a parsed page takes. */
const PARSED_FACTOR = 2

/** The cache. */
export interface PageCache {
  /** Bytes that the pages take, about. */
  readonly bytes: number
  get(id: PageId): Page | undefined
  put(id: PageId, page: Page): void
  /** Forgets a page that nothing lists any more. */
  drop(id: PageId): void
  clear(): void
}

/** A cache of at most `maxBytes`. */
export function createPageCache(maxBytes: number): PageCache {
  const pages = new Map<PageId, Page>()
  let bytes = 0
  let newest: PageId | undefined
  const drop = (id: PageId): void => {
    bytes -= (pages.get(id)?.bytes ?? 0) * PARSED_FACTOR
    pages.delete(id)
  }
  const keep = (id: PageId, page: Page): void => {
    pages.set(id, page)
    newest = id
  }
  return {
    get bytes() {
      return bytes
    },
    get(id) {
      const page = pages.get(id)
      if (page === undefined || id === newest) return page
      pages.delete(id)
      keep(id, page)
      return page
    },
    put(id, page) {
      drop(id)
      const size = page.bytes * PARSED_FACTOR
      if (size > maxBytes) return
      keep(id, page)
      bytes += size
      for (const oldest of pages.keys()) {
        if (bytes <= maxBytes) break
        drop(oldest)
      }
    },
    drop,
    clear() {
      pages.clear()
      bytes = 0
    },
  }
}
