/** The filter of the log: type, key, replica and time. */
import { useStatus } from '@headwater/react'
import type { ReactNode } from 'react'
import { useTracker } from '../../database.ts'
import { useVector } from '../use-vector.ts'
import { EVERYTHING, isEverything, type LogFilter } from './log-filter.ts'

interface LogFiltersProps {
  readonly filter: LogFilter
  readonly onFilter: (filter: LogFilter) => void
}

export function LogFilters({ filter, onFilter }: LogFiltersProps): ReactNode {
  const { definition } = useTracker()
  const own = useStatus((status) => status.log.replica)
  const vector = useVector()
  const change = (part: Partial<LogFilter>): void => onFilter({ ...filter, ...part })
  return (
    <fieldset className="log-filters" aria-label="Filter">
      <label>
        Type
        <select value={filter.type} onChange={({ target }) => change({ type: target.value })}>
          <option value="">all</option>
          {definition.events.map(({ type }) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </label>
      <label>
        Key
        <input
          type="search"
          placeholder="an issue's id"
          spellCheck={false}
          value={filter.key}
          onChange={({ target }) => change({ key: target.value })}
        />
      </label>
      <label>
        Replica
        <select value={filter.replica} onChange={({ target }) => change({ replica: target.value })}>
          <option value="">all</option>
          {Object.keys(vector).map((replica) => (
            <option key={replica} value={replica}>
              {replica.slice(0, 8)}
              {replica === own ? ' (this one)' : ''}
            </option>
          ))}
        </select>
      </label>
      <label>
        From
        <input
          type="datetime-local"
          value={filter.since}
          onChange={({ target }) => change({ since: target.value })}
        />
      </label>
      <label>
        To
        <input
          type="datetime-local"
          value={filter.until}
          onChange={({ target }) => change({ until: target.value })}
        />
      </label>
      {!isEverything(filter) && (
        <button type="button" className="quiet" onClick={() => onFilter(EVERYTHING)}>
          Show all
        </button>
      )}
    </fieldset>
  )
}
