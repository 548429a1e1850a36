/** Everybody who is assigned anything, and the person at this page first. */
import { useQuery } from '@headwater/react'
import { useMemo } from 'react'
import { useTracker } from '../database.ts'
import { ME } from '../people.ts'

export function usePeople(): readonly string[] {
  const { data } = useQuery(useTracker().views.byAssignee.range())
  return useMemo(() => {
    const names = (data ?? []).map(({ group }) => group[0]).filter((name) => name !== null)
    return [...new Set([ME, ...names])]
  }, [data])
}
