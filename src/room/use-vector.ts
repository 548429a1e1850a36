/** The version vector of this log, followed as the log grows; one read at a time. */
import { useStatus } from '@headwater/react'
import { useEffect, useState } from 'react'
import { useTracker } from '../database.ts'
import { tellFailure } from '../page/notice-store.ts'
import { useCalm } from '../page/use-calm.ts'

export type Vector = Readonly<Record<string, number>>

const NONE: Vector = {}

export function useVector(): Vector {
  const db = useTracker()
  const head = useCalm(useStatus((status) => status.log.head))
  const [vector, setVector] = useState({ head: -1, vector: NONE })
  useEffect(() => {
    let isWanted = true
    db.vector().then(
      (vector) => {
        if (isWanted) setVector({ head, vector })
      },
      (error: unknown) => {
        if (isWanted) tellFailure('Reading the version vector')(error)
      },
    )
    return () => {
      isWanted = false
    }
  }, [db, head])
  return vector.vector
}
