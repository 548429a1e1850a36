/** One event of the log, with the rows that it has a part in. */
import type { HistoryEntry, Offset, TouchedRow } from 'headwater'
import { useEffect, useState } from 'react'
import { useTracker } from '../../database.ts'
import { type FaultText, faultOf } from '../../page/fault-of.ts'

export interface ReadEvent {
  readonly event: HistoryEntry | 'none' | undefined
  readonly touched: readonly TouchedRow[]
  readonly error: FaultText | undefined
}

const READING: ReadEvent = { event: undefined, touched: [], error: undefined }
const NONE: ReadEvent = { ...READING, event: 'none' }

export function useEvent(offset: number): ReadEvent {
  const db = useTracker()
  const [read, setRead] = useState(READING)
  const isOffset = Number.isSafeInteger(offset) && offset >= 1
  useEffect(() => {
    if (!isOffset) return
    const controller = new AbortController()
    const { signal } = controller
    const at = { after: (offset - 1) as Offset, before: (offset + 1) as Offset }
    Promise.all([db.readLog({ ...at, limit: 1, signal }), db.touched(offset as Offset)]).then(
      ([{ entries }, touched]) => {
        if (!signal.aborted) setRead({ event: entries[0] ?? 'none', touched, error: undefined })
      },
      (error: unknown) => {
        if (!signal.aborted) setRead({ ...READING, error: faultOf(error) })
      },
    )
    return () => controller.abort()
  }, [db, offset, isOffset])
  return isOffset ? read : NONE
}
