/** All labels, the ones that most issues have first. The aggregate is by all labels of an issue; a label is in many of them. */
import { useQuery } from '@headwater/react'
import { useMemo } from 'react'
import { useViews } from '../moment.ts'

export interface LabelCount {
  readonly label: string
  readonly issues: number
}

export function useLabels(): readonly LabelCount[] {
  const { data } = useQuery(useViews().byLabels.range())
  return useMemo(() => {
    const counts = new Map<string, number>()
    for (const { group, issues } of data ?? [])
      for (const label of new Set(group)) counts.set(label, (counts.get(label) ?? 0) + issues)
    const labels = [...counts].map(([label, issues]) => ({ label, issues }))
    return labels.sort((a, b) => b.issues - a.issues)
  }, [data])
}
