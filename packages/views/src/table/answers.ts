/**
 * What a table answers: one row, rows in the order of an index, a page of them, how many there are, and the events that
 * made a row. Each answer comes with the keys that it was read from. Reads are attempts on the state: free of side
 * effects, and run again when a page was missing.
 */
import type { Json, Log, StoredEvent } from '@headwater/log'
import { encodeKey } from '../key.ts'
import {
  invalidQuery,
  parseRange,
  type QueryRange,
  textSpelling,
  toDependency,
  toKeyRange,
  tupleSpelling,
} from '../query-range.ts'
import type { StateReader } from '../state/paged-state.ts'
import type { Dependency } from '../view.ts'
import { HISTORY, historyRange, placesOf, readHistory } from './history.ts'
import { ROWS } from './maps.ts'

/** An answer without its position. */
export interface Found<Value = unknown> {
  readonly value: Value
  readonly dependencies: readonly Dependency[]
}

/** An index as it is read: its map in the state, and its name in dependencies. */
export interface ReadableIndex {
  readonly name: string
  readonly map: string
  readonly entries: string
}

/** The order by row key, which every table has. */
export const KEY_INDEX: ReadableIndex = { name: 'key', map: ROWS, entries: ROWS }

/** A read, ready to run. */
export type Attempt<Value = unknown> = (reader: StateReader) => Found<Value>

/** `get(key)` */
export function getRow(args: readonly Json[]): Attempt<Json | undefined> {
  const key = keyArgument('get', args)
  return (reader) => ({ value: reader.get(ROWS, key), dependencies: [{ map: ROWS, from: key, to: key }] })
}

/** `range(index, options)` */
export function rangeRows(index: ReadableIndex, options: Json | undefined): Attempt<readonly Json[]> {
  const range = parse('range', index, options)
  return (reader) => {
    const { entries, cutAt } = readEntries(reader, index, range, range.limit)
    return { value: entries.map(({ row }) => row), dependencies: [toDependency(index.entries, range, cutAt)] }
  }
}

/** `page(index, options)`; one entry more is looked at, to know whether there is a next page. */
export function pageRows(index: ReadableIndex, options: Json | undefined): Attempt {
  const range = parse('page', index, options)
  return (reader) => {
    const { entries, cutAt } = readEntries(reader, index, range, range.limit + 1)
    const shown = entries.slice(0, range.limit)
    const cursor = entries.length > range.limit ? shown.at(-1)?.entry : undefined
    const value = { entries: shown.map(({ key, row }) => ({ key, row })), cursor }
    return { value, dependencies: [toDependency(index.entries, range, cutAt)] }
  }
}

/** `count(index, options)` */
export function countRows(index: ReadableIndex, options: Json | undefined): Attempt<number> {
  const range = parse('count', index, options)
  return (reader) => ({
    value: reader.count(index.map, toKeyRange({ ...range, reverse: false, offset: 0 })),
    dependencies: [toDependency(index.entries, range, undefined)],
  })
}

/** `history(key)`: offsets in the order of stamps. */
export function historyOffsets(args: readonly Json[]): Attempt<readonly StoredEvent['offset'][]> {
  const key = keyArgument('history', args)
  const { gte, lte } = historyRange(key)
  const coded = encodeKey([key])
  return (reader) => ({
    value: readHistory(reader, key).flatMap((entry) => placesOf(coded, entry).map(({ offset }) => offset)),
    dependencies: [{ map: HISTORY, from: gte, to: lte }],
  })
}

/** The events at these offsets, in the order given, as `history` answers them. */
export async function readHistoryEvents(
  log: Log,
  keysOf: (event: StoredEvent) => readonly string[],
  offsets: readonly StoredEvent['offset'][],
): Promise<readonly Json[]> {
  const ascending = [...offsets].sort((a, b) => a - b)
  const events = new Map((await log.readAt(ascending)).map((event) => [event.offset, event]))
  return offsets.flatMap((offset) => {
    const event = events.get(offset)
    return event ? [{ ...historyEntry(event), keys: keysOf(event) }] : []
  })
}

function historyEntry({
  offset,
  type,
  version,
  data,
  time,
  replica,
  sequence,
}: StoredEvent): Readonly<Record<string, Json>> {
  return { offset, type, version, data: data as Json, time, replica, sequence }
}

interface Entries {
  readonly entries: readonly { readonly entry: string; readonly key: string; readonly row: Json }[]
  /** The last entry looked at, when there may be more behind it. */
  readonly cutAt: string | undefined
}

function readEntries(reader: StateReader, index: ReadableIndex, range: QueryRange, limit: number): Entries {
  const entries: { entry: string; key: string; row: Json }[] = []
  reader.range(index.map, toKeyRange(range), (entry, value) => {
    const key = index.map === ROWS ? entry : (value as string)
    const row = index.map === ROWS ? value : reader.get(ROWS, key)
    if (row !== undefined) entries.push({ entry, key, row })
    return entries.length < limit
  })
  return { entries, cutAt: entries.length === limit ? entries.at(-1)?.entry : undefined }
}

function parse(method: string, index: ReadableIndex, options: Json | undefined): QueryRange {
  return parseRange(`${method}("${index.name}")`, options, index.map === ROWS ? textSpelling : tupleSpelling)
}

function keyArgument(method: string, args: readonly Json[]): string {
  const [key] = args
  if (typeof key === 'string') return key
  throw invalidQuery(
    `${method} was given ${JSON.stringify(key ?? null)} as key.`,
    'Give the key of a row, a text.',
  )
}
