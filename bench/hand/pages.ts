/**
 * Stored pages by hand: an ordered map cut into JSON texts of at most 500 entries or 64 KiB, listed by first key in one
 * manifest that is written last. Transactions hold at most 1 MiB, as the engine's do for the sake of other tabs. Reading
 * one key is reading one page.
 */
import { answered, putAll } from './storage.ts'

export const PAGES = 'pages'
export const MANIFESTS = 'manifests'
const PAGE_ENTRIES = 500
const PAGE_CHARS = 65_536
const TRANSACTION_CHARS = 1_048_576

/** One map in the manifest: the first key and the number of each page. */
export interface PageList {
  readonly firstKeys: string[]
  readonly pages: number[]
}
export type Manifest = Record<string, PageList>

/** Writes ordered maps as pages, then their manifest. */
export interface PageWriter {
  /** `entries` ascending by key. */
  write(map: string, entries: Iterable<readonly [string, unknown]>): void
  /** Resolves, with the characters written, when the manifest is stored. */
  finish(): Promise<number>
}

export function createPageWriter(db: IDBDatabase): PageWriter {
  const manifest: Manifest = {}
  const stored: Promise<void>[] = []
  let waiting: [number, string][] = []
  let waitingChars = 0
  let allChars = 0
  let lastPage = 0
  const flush = (): void => {
    if (waiting.length > 0) stored.push(putAll(db, PAGES, waiting))
    waiting = []
    waitingChars = 0
  }
  const put = (list: PageList, firstKey: string, parts: readonly string[]): void => {
    const text = `[${parts.join(',')}]`
    if (waitingChars + text.length > TRANSACTION_CHARS) flush()
    list.firstKeys.push(firstKey)
    list.pages.push(++lastPage)
    waiting.push([lastPage, text])
    waitingChars += text.length
    allChars += text.length
  }
  return {
    write(map, entries) {
      const list: PageList = { firstKeys: [], pages: [] }
      manifest[map] = list
      cut(entries, (firstKey, parts) => put(list, firstKey, parts))
    },
    async finish() {
      flush()
      await Promise.all(stored)
      await putAll(db, MANIFESTS, [['current', JSON.stringify(manifest)]])
      return allChars
    },
  }
}

function cut(
  entries: Iterable<readonly [string, unknown]>,
  put: (firstKey: string, parts: readonly string[]) => void,
): void {
  let parts: string[] = []
  let chars = 0
  let firstKey = ''
  for (const entry of entries) {
    const text = JSON.stringify(entry)
    if (parts.length === PAGE_ENTRIES || (chars + text.length > PAGE_CHARS && parts.length > 0)) {
      put(firstKey, parts)
      parts = []
      chars = 0
    }
    if (parts.length === 0) firstKey = entry[0]
    parts.push(text)
    chars += text.length + 1
  }
  if (parts.length > 0) put(firstKey, parts)
}

/** Reads entries from stored pages. */
export interface PageReader {
  get(map: string, key: string): Promise<unknown>
  /** The first `limit` entries from `from` on. */
  range(map: string, from: string, limit: number): Promise<readonly (readonly [string, unknown])[]>
}

export async function openPages(db: IDBDatabase): Promise<PageReader> {
  const manifest: Manifest = JSON.parse(
    await answered<string>(db.transaction(MANIFESTS).objectStore(MANIFESTS).get('current')),
  )
  const cache = new Map<number, Promise<[string, unknown][]>>()
  const fetchPage = async (page: number): Promise<[string, unknown][]> =>
    JSON.parse(await answered<string>(db.transaction(PAGES).objectStore(PAGES).get(page)))
  const pageOf = (page: number): Promise<[string, unknown][]> => {
    const known = cache.get(page) ?? fetchPage(page)
    cache.set(page, known)
    return known
  }
  return {
    async get(map, key) {
      const list = manifest[map]!
      const entries = await pageOf(list.pages[placeOf(list.firstKeys, key)]!)
      return entries.find(([name]) => name === key)?.[1]
    },
    async range(map, from, limit) {
      const list = manifest[map]!
      const found: [string, unknown][] = []
      for (let place = placeOf(list.firstKeys, from); place < list.pages.length; place++) {
        for (const entry of await pageOf(list.pages[place]!)) {
          if (entry[0] >= from && found.push(entry) === limit) return found
        }
      }
      return found
    },
  }
}

/** The last page whose first key is not above `key`. */
function placeOf(firstKeys: readonly string[], key: string): number {
  let low = 0
  let high = firstKeys.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (firstKeys[middle]! <= key) low = middle
    else high = middle - 1
  }
  return low
}
