/**
 * The events that pass a filter as rows, newest first, read on from where the last look ended as the list nears its end. A
 * look goes through a bounded run of the log, so the list may grow by nothing and ask again; it ends where the log begins.
 */
import type { HistoryEntry, Offset } from 'headwater'
import { useEffect, useState } from 'react'
import { useTracker } from '../../database.ts'
import { tellFailure } from '../../page/notice-store.ts'
import { type LogFilter, optionsOf } from './log-filter.ts'
import type { LogRows } from './log-rows.ts'

const LOOK = 200

interface Found {
  readonly filter: LogFilter
  readonly entries: readonly HistoryEntry[]
  /** Where to look next; nothing once the first event of the log was reached. */
  readonly next: Offset | undefined
  /** How many rows the list wants. */
  readonly wanted: number
}

const begin = (filter: LogFilter, head: number): Found => ({
  filter,
  entries: [],
  next: (head + 1) as Offset,
  wanted: LOOK,
})

export function useFoundRows(filter: LogFilter, head: number): LogRows {
  const db = useTracker()
  const [found, setFound] = useState(() => begin(filter, head))
  if (found.filter !== filter) setFound(begin(filter, head))
  const { entries, next, wanted } = found
  const isShort = next !== undefined && entries.length < wanted
  useEffect(() => {
    if (!isShort || next === undefined) return
    const controller = new AbortController()
    const { signal } = controller
    db.readLog({ ...optionsOf(filter), before: next, newestFirst: true, limit: LOOK, signal }).then(
      (window) => {
        if (signal.aborted) return
        const add = (before: Found): Found => ({
          ...before,
          entries: [...before.entries, ...window.entries],
          next: window.next,
        })
        setFound((before) => (before.filter === filter ? add(before) : before))
      },
      (error: unknown) => {
        if (!signal.aborted) tellFailure('Reading the log')(error)
      },
    )
    return () => controller.abort()
  }, [db, filter, isShort, next])
  return {
    count: entries.length,
    at: (index) => entries[index] ?? 'coming',
    offsetAt: (index) => entries[index]?.offset ?? 0,
    show: (_from, to) => {
      if (to >= wanted - LOOK / 2) setFound((before) => ({ ...before, wanted: before.entries.length + LOOK }))
    },
    isOpenEnded: next !== undefined,
  }
}
