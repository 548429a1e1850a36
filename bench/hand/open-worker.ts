/**
 * Opening by hand: the stored pages of rows and index, read one page at a time. The same pages as the rebuild by hand
 * writes.
 */
import { MANIFESTS, openPages, PAGES } from './pages.ts'
import { openStores } from './storage.ts'

/** What the page asks: one row, or the first rows with a status. */
export type OpenMessage = { readonly get: string } | { readonly status: string; readonly limit: number }

const reader = openStores('pages', [PAGES, MANIFESTS]).then(openPages)

self.onmessage = async ({ data }: MessageEvent<OpenMessage>) => {
  const pages = await reader
  if ('get' in data) return self.postMessage([await pages.get('rows', data.get)])
  const entries = await pages.range('byStatus', `${data.status}\u0000`, data.limit)
  const keys = entries.map(([key]) => key.split('\u0000')[2]!)
  const rows = await Promise.all(keys.map((key) => pages.get('rows', key)))
  return self.postMessage(rows)
}
