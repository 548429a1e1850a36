/** The log of a database as an experiment looks at it: its events, and its bytes as they are exported. */
import type { Database, HistoryEntry } from 'headwater'

/** All events, oldest first, window by window. */
export async function readEvents(db: Pick<Database, 'readLog'>): Promise<readonly HistoryEntry[]> {
  const events: HistoryEntry[] = []
  let window = await db.readLog({ limit: 1_000 })
  events.push(...window.entries)
  while (window.next !== undefined) {
    window = await db.readLog({ limit: 1_000, after: window.next })
    events.push(...window.entries)
  }
  return events
}

/** The export as one text. */
export function exportText(db: Pick<Database, 'exportEvents'>): Promise<string> {
  return new Response(db.exportEvents().pipeThrough(new TextEncoderStream())).text()
}
