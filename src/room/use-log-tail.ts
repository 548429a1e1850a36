/** The newest events of the log, newest first, followed as the log grows; one read at a time. */
import { useStatus } from '@headwater/react'
import type { HistoryEntry, LogWindow, Offset } from 'headwater'
import { useEffect, useState } from 'react'
import { useTracker } from '../database.ts'
import { tellFailure } from '../page/notice-store.ts'

const NONE: readonly HistoryEntry[] = []

export function useLogTail(limit: number): readonly HistoryEntry[] {
  const db = useTracker()
  const head = useStatus((status) => status.log.head)
  const [tail, setTail] = useState(NONE)
  useEffect(() => {
    let isWanted = true
    const show = ({ entries }: LogWindow): void => {
      if (isWanted) setTail(entries)
    }
    // A read that a newer head has overtaken fails unseen: the newer one tells.
    const fail = (error: unknown): void => {
      if (isWanted) tellFailure('Reading the log')(error)
    }
    db.readLog({ newestFirst: true, before: (head + 1) as Offset, limit }).then(show, fail)
    return () => {
      isWanted = false
    }
  }, [db, head, limit])
  return tail
}
