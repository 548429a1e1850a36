/** What is stored, looked up when the log or a snapshot has changed, at most once a second. */
import { useStatus } from '@headwater/react'
import type { StorageReport } from 'headwater'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTracker } from '../../database.ts'
import { type FaultText, faultOf } from '../../page/fault-of.ts'

interface Looked {
  readonly report: StorageReport | undefined
  readonly error: FaultText | undefined
  /** Looks again now. */
  readonly look: () => void
}

const LOOK_EVERY_MS = 1_000

export function useStorage(): Looked {
  const db = useTracker()
  const [looked, setLooked] = useState<Omit<Looked, 'look'>>({ report: undefined, error: undefined })
  const stored = useStatus(({ log, views }) =>
    [log.bytes, ...views.map(({ snapshot }) => snapshot?.storedAt ?? 0)].join(),
  )
  const lookedAt = useRef(Number.NEGATIVE_INFINITY)
  const look = useCallback(() => {
    lookedAt.current = performance.now()
    db.storage().then(
      (report) => setLooked({ report, error: undefined }),
      (error: unknown) => setLooked({ report: undefined, error: faultOf(error) }),
    )
  }, [db])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is stored has changed when `stored` has
  useEffect(() => {
    const wait = Math.max(0, lookedAt.current + LOOK_EVERY_MS - performance.now())
    const timer = setTimeout(look, wait)
    return () => clearTimeout(timer)
  }, [look, stored])
  return { ...looked, look }
}
