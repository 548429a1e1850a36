// A table for search tests: a map of rows that takes the log's events when told to. The plain twin of the real one, with
// switches for what a real one may do: answer at once or later, fail, stop, start over.

import { freezeJson, type Json, type Log, type Offset, ORIGIN, type StoredEvent } from '@headwater/log'
import type { TableEntry, TableReader } from '../../packages/views/src/table/reader.ts'
import type { RowChange } from '../../packages/views/src/view.ts'
import { nextTask } from '../next-task.ts'

export interface MapTable extends TableReader {
  /** It stands no further than here, whatever its rows show, as one that is joined with another that lags. */
  heldAt: Offset | undefined
  readonly rows: ReadonlyMap<string, Json>
  generation: number
  stopped: boolean
  paused: boolean
  /** Reads answer in a later microtask. */
  isSlow: boolean
  /** The next so many reads fail with this. */
  failing: { times: number; error: Error }
  /** Reads of rows so far, and how many of them were scans. */
  reads: number
  scans: number
  /** Takes the log's events up to `to`, one install each batch. */
  follow(to?: Offset, maxEvents?: number): Promise<void>
  /** Takes them without naming changes, as a jump does. */
  jump(): Promise<void>
  /** Starts over with other rows, as a rebuild after a repaired fold does. */
  startOver(rows: ReadonlyMap<string, Json>): void
}

type Listener = (changes: readonly RowChange[], position: Offset, all: boolean) => void

export function createMapTable(log: Log, generation: number): MapTable {
  const listeners = new Set<Listener>()
  let rows = new Map<string, Json>()
  let position: Offset = ORIGIN
  const read = async <T>(answer: () => T): Promise<T> => {
    mapTable.reads++
    if (mapTable.failing.times-- > 0) throw mapTable.failing.error
    const value = answer()
    if (mapTable.isSlow) await nextTask()
    return value
  }
  const take = async (
    to: Offset | undefined,
    maxEvents: number,
    tell: (changes: readonly RowChange[]) => void,
  ) => {
    const head = to ?? (await log.refresh())
    while (position < head) {
      const { events, through } = await log.read(position, {
        maxEvents: Math.min(maxEvents, head - position),
      })
      const before = new Map(events.map((event) => [keyOf(event), rows.get(keyOf(event))]))
      for (const event of events) apply(rows, event)
      position = through
      tell([...before].map(([key, old]) => ({ key, before: old, after: rows.get(key) })))
    }
  }
  const standing = (): Offset => Math.min(position, mapTable.heldAt ?? position) as Offset
  const mapTable: MapTable = {
    heldAt: undefined,
    generation,
    stopped: false,
    paused: false,
    isSlow: false,
    failing: { times: 0, error: new Error('unused') },
    reads: 0,
    scans: 0,
    types: new Set(['row.put', 'row.gone']),
    get rows() {
      return rows
    },
    get position() {
      return standing()
    },
    get furthest() {
      return position
    },
    get: (keys) => read(() => keys.map((key) => rows.get(key))),
    keysOf: (event) => [keyOf(event)],
    onRowChanges(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    scan: (afterKey, limit) => {
      mapTable.scans++
      return read(() => scan(rows, afterKey, limit))
    },
    count: () => read(() => rows.size),
    follow: (to, maxEvents = 50) =>
      take(to, maxEvents, (changes) => {
        for (const listener of listeners) listener(changes, standing(), false)
      }),
    async jump() {
      await take(undefined, 1_000, () => undefined)
      for (const listener of listeners) listener([], standing(), true)
    },
    startOver(next) {
      rows = new Map(next)
      mapTable.generation++
      for (const listener of listeners) listener([], position, true)
    },
  }
  return mapTable
}

function keyOf(event: StoredEvent): string {
  return (event.data as { readonly key: string }).key
}

function apply(rows: Map<string, Json>, event: StoredEvent): void {
  const { key, row } = event.data as { readonly key: string; readonly row?: Json }
  if (event.type === 'row.gone' || row === undefined) rows.delete(key)
  else rows.set(key, freezeJson(row))
}

function scan(
  rows: ReadonlyMap<string, Json>,
  afterKey: string | undefined,
  limit: number,
): readonly TableEntry[] {
  const keys = [...rows.keys()].filter((key) => afterKey === undefined || key > afterKey).sort()
  return keys.slice(0, limit).map((key) => ({ key, row: rows.get(key)! }))
}
