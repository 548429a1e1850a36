/**
 * The whole log as rows, newest first: row 0 is the event at `head`, whatever the size. Only the runs on screen are read, and
 * a bounded number of them is kept, so that any place of a log of hundreds of thousands is one read away.
 */
import type { Database, HistoryEntry, Offset } from 'headwater'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTracker } from '../../database.ts'
import { tellFailure } from '../../page/notice-store.ts'
import type { LogRows } from './log-rows.ts'

const RUN = 200
const RUNS_KEPT = 40

interface Run {
  /** Up to which offset the log reached when it was read. */
  readonly upTo: number
  readonly entries: ReadonlyMap<number, HistoryEntry>
}

type Runs = ReadonlyMap<number, Run>

const NONE: Runs = new Map()
const runOf = (offset: number): number => Math.floor((offset - 1) / RUN)

export function useAllRows(head: number): LogRows {
  const db = useTracker()
  const [runs, setRuns] = useState(NONE)
  const reading = useRef(new Set<number>())
  const isMounted = useMounted()
  const show = useCallback(
    (from: number, to: number): void => {
      for (let run = runOf(Math.max(1, head - to)); run <= runOf(head - from); run++) {
        // A run at the end of the log is read again once the log has grown in it.
        const upTo = Math.min(head, (run + 1) * RUN)
        if (reading.current.has(run) || (runs.get(run)?.upTo ?? 0) >= upTo) continue
        reading.current.add(run)
        readRun(db, run)
          .then((entries) => {
            if (isMounted.current) setRuns((before) => withRun(before, run, { upTo, entries }))
          })
          .catch((error: unknown) => {
            if (isMounted.current) tellFailure('Reading the log')(error)
          })
          .finally(() => reading.current.delete(run))
      }
    },
    [db, head, runs, isMounted],
  )
  return {
    count: head,
    at: (index) => {
      const offset = head - index
      const run = runs.get(runOf(offset))
      const entry = run?.entries.get(offset)
      return entry ?? (run !== undefined && run.upTo >= offset ? 'passed over' : 'coming')
    },
    offsetAt: (index) => head - index,
    show,
    isOpenEnded: false,
  }
}

async function readRun(db: Database, run: number): Promise<ReadonlyMap<number, HistoryEntry>> {
  const after = (run * RUN) as Offset
  const before = ((run + 1) * RUN + 1) as Offset
  const { entries } = await db.readLog({ after, before, limit: RUN })
  return new Map(entries.map((entry) => [entry.offset, entry]))
}

/** With the run, and without the one that was read first where there are too many. */
function withRun(runs: Runs, at: number, run: Run): Runs {
  const others = [...runs].filter(([other]) => other !== at)
  return new Map([...others.slice(Math.max(0, others.length - RUNS_KEPT + 1)), [at, run]])
}

function useMounted() {
  const isMounted = useRef(true)
  useEffect(() => {
    isMounted.current = true
    return () => {
      isMounted.current = false
    }
  }, [])
  return isMounted
}
