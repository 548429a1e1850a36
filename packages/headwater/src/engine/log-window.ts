/**
 * A window onto the log, read: up from `after`, or down from `before` by runs that are read upwards and turned round. However
 * little is found, a call looks through a bounded number of offsets and says where the next one goes on. Events of types that
 * this build does not know are passed over, as everywhere.
 */
import type { Json, Log, Offset, StoredEvent } from '@headwater/log'
import type { HistoryEntry, LogWindow, ReadLogOptions } from '../log-window.ts'

/** What is read, and how. */
export interface WindowSource {
  readonly log: Log
  readonly keysOf: (event: StoredEvent) => readonly string[]
  readonly signal: AbortSignal
}

type Wanted = Omit<ReadLogOptions, 'signal'>

const DEFAULT_LIMIT = 100
const MOST_ENTRIES = 10_000
/** Offsets that one call looks through. */
const MOST_OFFSETS = 20_000
/** Offsets of the first run that is read downwards; each further one is four times as long. */
const FIRST_RUN = 256
const LONGEST_RUN = 4_096

/** The events that are wanted, in the order asked for. Errors: those of `Log.read`. */
export function readLogWindow(source: WindowSource, wanted: Wanted): Promise<LogWindow> {
  return wanted.newestFirst ? readDown(source, wanted) : readUp(source, wanted)
}

async function readUp(source: WindowSource, wanted: Wanted): Promise<LogWindow> {
  const limit = limitOf(wanted)
  const { after = 0, before = source.log.head + 1 } = wanted
  const entries: HistoryEntry[] = []
  for (let at: number = after; at + 1 < before && limit > 0; ) {
    const upTo = Math.min(before - 1, at + LONGEST_RUN, after + MOST_OFFSETS)
    const run = await readRun(source, wanted, at, upTo)
    const taken = run.slice(0, limit - entries.length)
    entries.push(...taken)
    if (entries.length === limit) return { entries, next: entries.at(-1)?.offset }
    at = upTo
    if (at - after >= MOST_OFFSETS && at + 1 < before) return { entries, next: at as Offset }
  }
  return { entries, next: undefined }
}

async function readDown(source: WindowSource, wanted: Wanted): Promise<LogWindow> {
  const limit = limitOf(wanted)
  const { after = 0, before = source.log.head + 1 } = wanted
  const top = Math.min(before, source.log.head + 1)
  const entries: HistoryEntry[] = []
  let length = FIRST_RUN
  for (let at = top; at - 1 > after && limit > 0; length = Math.min(length * 4, LONGEST_RUN)) {
    const from = Math.max(after, at - 1 - length, top - 1 - MOST_OFFSETS)
    const run = (await readRun(source, wanted, from, at - 1)).toReversed()
    entries.push(...run.slice(0, limit - entries.length))
    if (entries.length === limit) return { entries, next: entries.at(-1)?.offset }
    at = from + 1
    if (top - at >= MOST_OFFSETS && from > after) return { entries, next: at as Offset }
  }
  return { entries, next: undefined }
}

/** What is wanted of the events behind `from`, up to and with `through`. */
async function readRun(
  { log, keysOf, signal }: WindowSource,
  wanted: Wanted,
  from: number,
  through: number,
): Promise<readonly HistoryEntry[]> {
  const types = wanted.types && { types: new Set(wanted.types) }
  const found: HistoryEntry[] = []
  for (let at = from as Offset; at < through; ) {
    const batch = await log.read(at, { maxEvents: through - at, signal, ...types })
    for (const event of batch.events) {
      if (!fits(wanted, event)) continue
      const keys = keysOf(event)
      if (wanted.key === undefined || keys.includes(wanted.key)) found.push(toEntry(event, keys))
    }
    if (batch.through <= at) break
    at = batch.through
  }
  return found
}

function fits({ types, replica, since, until }: Wanted, event: StoredEvent): boolean {
  return (
    (types === undefined || types.includes(event.type)) &&
    (replica === undefined || event.replica === replica) &&
    (since === undefined || event.time >= since) &&
    (until === undefined || event.time <= until)
  )
}

function limitOf({ limit = DEFAULT_LIMIT }: Wanted): number {
  return Math.max(0, Math.min(MOST_ENTRIES, Math.floor(limit)))
}

function toEntry(event: StoredEvent, keys: readonly string[]): HistoryEntry {
  const { offset, type, version, data, time, replica, sequence } = event
  // Stored data are JSON, but for documents' raw bytes, which a window shows as null.
  const shown = data instanceof Uint8Array ? null : (data as Json)
  return { offset, type, version, data: shown, time, replica, sequence, keys }
}
