/**
 * A window onto the log, for people who look at it: a bounded run of events as plain data, newest last. Events of types
 * that this build does not know are passed over, as everywhere.
 */
import type { Json, Log, Offset, StoredEvent } from '@headwater/log'
import type { HistoryEntry } from '../database.ts'

const LIMIT_AT_MOST = 10_000

/** At most `limit` events after `after`, or the newest ones. */
export async function readLogWindow(
  log: Log,
  after: Offset | undefined,
  limit: number,
  signal: AbortSignal,
): Promise<readonly HistoryEntry[]> {
  const most = Math.max(0, Math.min(LIMIT_AT_MOST, Math.floor(limit)))
  let from = after ?? (Math.max(0, log.head - most) as Offset)
  const entries: HistoryEntry[] = []
  while (entries.length < most) {
    const batch = await log.read(from, { maxEvents: most - entries.length, signal })
    entries.push(...batch.events.map(eventToEntry))
    if (batch.through <= from) break
    from = batch.through
  }
  return entries.slice(0, most)
}

function eventToEntry({ offset, type, version, data, time, replica, sequence }: StoredEvent): HistoryEntry {
  // Stored data are JSON, but for documents' raw bytes, which a window shows as null.
  const shown = data instanceof Uint8Array ? null : (data as Json)
  return { offset, type, version, data: shown, time, replica, sequence }
}
