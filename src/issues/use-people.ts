/** Everybody who is assigned anything, and the person at this page first. */
import { useQuery } from '@headwater/react'
import { useMemo } from 'react'
import { useViews } from '../moment.ts'
import { ME } from '../people.ts'

export function usePeople(): readonly string[] {
  const { data } = useQuery(useViews().byAssignee.range())
  return useMemo(() => {
    const names = (data ?? []).map(({ group }) => group[0]).filter((name) => name !== null)
    return [...new Set([ME, ...names])]
  }, [data])
}
