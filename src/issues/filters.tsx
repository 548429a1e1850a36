/** Status, assignee and label of the issues that are shown, with how many there are of each. */
import { useQuery } from '@headwater/react'
import type { ReactNode } from 'react'
import { formatCount, formatShort } from '../format.ts'
import { useViews } from '../moment.ts'
import { Segments } from '../page/segments.tsx'
import { navigate, type Route, type StatusFilter } from '../route.ts'
import { useLabels } from './use-labels.ts'
import { usePeople } from './use-people.ts'

const STATUSES: readonly (readonly [status: StatusFilter, label: string])[] = [
  ['all', 'All'],
  ['open', 'Open'],
  ['closed', 'Closed'],
]

export function Filters({ route }: { readonly route: Route }): ReactNode {
  return (
    <div className="filters">
      <StatusFilterField route={route} />
      <AssigneeFilter route={route} />
      <LabelFilter route={route} />
    </div>
  )
}

export function StatusFilterField({ route }: { readonly route: Route }): ReactNode {
  const counts = useStatusCounts()
  const options = STATUSES.map(([status, label]) => {
    const count = counts && formatShort(counts[status])
    return [
      status,
      <>
        {label} <small>{count}</small>
      </>,
    ] as const
  })
  return (
    <Segments
      name="status"
      legend="Status"
      options={options}
      chosen={route.status}
      onChoose={(status) => navigate({ ...route, status })}
    />
  )
}

/** What any and none are need values that no name has. */
const ANY = '*'

export function AssigneeFilter({ route }: { readonly route: Route }): ReactNode {
  const people = usePeople()
  const choose = (value: string): void => navigate({ ...route, assignee: value === ANY ? undefined : value })
  return (
    <select
      aria-label="Assignee"
      data-set={route.assignee !== undefined}
      value={route.assignee ?? ANY}
      onChange={(event) => choose(event.target.value)}
    >
      <option value={ANY}>Anybody</option>
      <option value="">Nobody</option>
      {people.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  )
}

export function LabelFilter({ route }: { readonly route: Route }): ReactNode {
  const labels = useLabels()
  const isUnknown = route.label !== undefined && !labels.some(({ label }) => label === route.label)
  const choose = (value: string): void => navigate({ ...route, label: value === ANY ? undefined : value })
  return (
    <select
      aria-label="Label"
      data-set={route.label !== undefined}
      value={route.label ?? ANY}
      onChange={(event) => choose(event.target.value)}
    >
      <option value={ANY}>Any label</option>
      {isUnknown && <option>{route.label}</option>}
      {labels.map(({ label, issues }) => (
        <option key={label} value={label}>
          {label} ({formatCount(issues)})
        </option>
      ))}
    </select>
  )
}

function useStatusCounts(): Readonly<Record<StatusFilter, number>> | undefined {
  const { data } = useQuery(useViews().byStatus.range())
  if (data === undefined) return undefined
  const of = (status: StatusFilter): number => data.find(({ group }) => group === status)?.issues ?? 0
  return { open: of('open'), closed: of('closed'), all: of('open') + of('closed') }
}
