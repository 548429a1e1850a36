/**
 * A log by hand: segments of 500 events as JSON bytes under the offset of their first event. Appending a commit is one
 * transaction; reading takes batches of segments and asks for the next batch while it parses this one. This is the
 * limit for the figures of appending and reading: no checksum, no ids, no clock, no validation.
 */
import type { TrackerEvent } from '../stream.ts'
import { answered, putAll } from './storage.ts'

export const SEGMENT_EVENTS = 500
export const SEGMENTS = 'segments'
const SEGMENTS_A_BATCH = 16

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Stores one commit behind `head` events and resolves when it is committed. */
export function appendCommit(db: IDBDatabase, head: number, events: readonly TrackerEvent[]): Promise<void> {
  const entries: [number, Uint8Array][] = []
  for (let from = 0; from < events.length; from += SEGMENT_EVENTS) {
    const text = JSON.stringify(events.slice(from, from + SEGMENT_EVENTS))
    entries.push([head + from + 1, encoder.encode(text)])
  }
  return putAll(db, SEGMENTS, entries)
}

/** Reads everything, in order. */
export async function readSegments(
  db: IDBDatabase,
  take: (events: TrackerEvent[], firstOffset: number) => void,
): Promise<void> {
  let offset = 1
  let asked = askBatch(db, offset)
  for (;;) {
    const segments = await asked
    if (segments.length === 0) return
    // Only a short last segment makes this guess wrong, and then nothing comes after it.
    asked = askBatch(db, offset + segments.length * SEGMENT_EVENTS)
    for (const bytes of segments) {
      const events: TrackerEvent[] = JSON.parse(decoder.decode(bytes))
      take(events, offset)
      offset += events.length
    }
  }
}

function askBatch(db: IDBDatabase, from: number): Promise<Uint8Array[]> {
  const store = db.transaction(SEGMENTS).objectStore(SEGMENTS)
  return answered(store.getAll(IDBKeyRange.lowerBound(from), SEGMENTS_A_BATCH))
}
