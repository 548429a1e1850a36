/**
 * Imports a file of events with a progress card. How it ended is kept for the report: done, with what was skipped, or
 * refused at a line, when nothing was stored and the person may choose to pass such lines over.
 */
import { type Database, type HeadwaterError, type ImportReport, isHeadwaterError } from 'headwater'
import { formatBytes, formatCount, plural } from '../format.ts'
import { makeIndex } from '../issues/search-index.ts'
import type { Tracker } from '../model.ts'
import { startTask, tell, tellFailure } from '../page/notice-store.ts'

export type ImportEnd =
  | { readonly type: 'refused'; readonly file: File; readonly error: HeadwaterError }
  | { readonly type: 'skipped'; readonly file: File; readonly report: ImportReport }

let end: ImportEnd | undefined
const listeners = new Set<() => void>()

export const getImportEnd = (): ImportEnd | undefined => end

export function setImportEnd(next: ImportEnd | undefined): void {
  end = next
  for (const listener of listeners) listener()
}

export function subscribeToImportEnd(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Imports and says how it went. Never rejects. */
export async function importFile(db: Database<Tracker>, file: File, onFault: 'stop' | 'skip'): Promise<void> {
  const controller = new AbortController()
  const task = startTask(`Importing ${file.name}`, () => controller.abort())
  try {
    const report = await db.importEvents(file, {
      onFault,
      signal: controller.signal,
      onProgress: ({ phase, lines, bytes }) =>
        task.update({
          share: (bytes / Math.max(1, file.size) + (phase === 'store' ? 1 : 0)) / 2,
          detail: `${phase === 'check' ? 'Checking' : 'Storing'}: ${formatCount(lines)} lines, ${formatBytes(bytes)}`,
        }),
    })
    void makeIndex(db)
    if (report.skipped > 0) setImportEnd({ type: 'skipped', file, report })
    else tell(summaryOf(report))
  } catch (error) {
    if (isHeadwaterError(error, 'IMPORT_LINE')) setImportEnd({ type: 'refused', file, error })
    else if (controller.signal.aborted) tell(`The import of ${file.name} was cancelled`)
    else tellFailure(`Importing ${file.name}`)(error)
  } finally {
    task.end()
  }
}

/** `Imported 12 events, 3 were here already`. */
export function summaryOf({ imported, duplicates }: ImportReport): string {
  const known = duplicates > 0 ? `, ${formatCount(duplicates)} were here already` : ''
  return `Imported ${plural(imported, 'event')}${known}`
}
