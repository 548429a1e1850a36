/** Status and assignee of the issues that are listed, with how many there are of each status. */
import { useQuery } from '@headwater/react'
import type { ReactNode } from 'react'
import { useTracker } from '../database.ts'
import { formatShort } from '../format.ts'
import { navigate, type Route, type StatusFilter } from '../route.ts'
import { usePeople } from './use-people.ts'

const STATUSES: readonly (readonly [status: StatusFilter, label: string])[] = [
  ['all', 'All'],
  ['open', 'Open'],
  ['closed', 'Closed'],
]

export function Filters({ route }: { readonly route: Route }): ReactNode {
  const counts = useStatusCounts()
  return (
    <div className="filters">
      <fieldset className="segments">
        <legend className="sr-only">Status</legend>
        {STATUSES.map(([status, label]) => (
          <label key={status}>
            <input
              type="radio"
              name="status"
              checked={route.status === status}
              onChange={() => navigate({ ...route, status })}
            />
            <span>
              {label} <small>{counts && formatShort(counts[status])}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <AssigneeFilter route={route} />
    </div>
  )
}

/** Anybody and nobody need values that no name has. */
const ANYBODY = '*'

function AssigneeFilter({ route }: { readonly route: Route }): ReactNode {
  const people = usePeople()
  const choose = (value: string): void =>
    navigate({ ...route, assignee: value === ANYBODY ? undefined : value })
  return (
    <select
      aria-label="Assignee"
      value={route.assignee ?? ANYBODY}
      onChange={(event) => choose(event.target.value)}
    >
      <option value={ANYBODY}>Anybody</option>
      <option value="">Nobody</option>
      {people.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  )
}

function useStatusCounts(): Readonly<Record<StatusFilter, number>> | undefined {
  const { data } = useQuery(useTracker().views.byStatus.range())
  if (data === undefined) return undefined
  const of = (status: StatusFilter): number => data.find(({ group }) => group === status)?.issues ?? 0
  return { open: of('open'), closed: of('closed'), all: of('open') + of('closed') }
}
