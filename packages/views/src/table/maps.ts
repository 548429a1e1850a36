/**
 * The maps that a table keeps in its group's state, and how they are read: rows by key, and the history, (key, stamp) →
 * offset, which outlives the row and tells which events made it and whether another one comes late.
 */
import type { Offset } from '@headwater/log'
import { prefixRange } from '../key.ts'
import type { KeyRange, StateReader } from '../state/paged-state.ts'

/** Row key → row. */
export const ROWS = 'rows'
/** Row key as a tuple's key, then the spelled stamp → offset. */
export const HISTORY = 'history'

/** A place in a key's history. */
export interface HistoryPlace {
  readonly stamp: string
  readonly offset: Offset
}

/** Where the history of a row lies. */
export function historyRange(rowKey: string): { readonly gte: string; readonly lte: string } {
  const { from, to } = prefixRange([rowKey])
  return { gte: from, lte: to }
}

/** The spelled stamp of the newest event of a row; empty when there is none. */
export function newestStamp(reader: StateReader, coded: string, rowKey: string): string {
  let newest = ''
  const range: KeyRange = { ...historyRange(rowKey), reverse: true }
  reader.range(HISTORY, range, (key) => {
    newest = key.slice(coded.length)
    return false
  })
  return newest
}

/** The events of a row, oldest first. */
export function readHistory(reader: StateReader, coded: string, rowKey: string): readonly HistoryPlace[] {
  const places: HistoryPlace[] = []
  reader.range(HISTORY, historyRange(rowKey), (key, offset) => {
    places.push({ stamp: key.slice(coded.length), offset: offset as Offset })
  })
  return places
}
