/** What is stored: the log, which has to be, and snapshots, which only save time; and how safe it is. */
import type { StorageReport } from 'headwater'
import type { ReactNode } from 'react'
import { formatAge, formatBytes, formatCount } from '../../format.ts'
import { Fault } from '../../page/fault.tsx'
import { useNow } from '../../page/use-now.ts'
import { hrefOf } from '../../route.ts'
import { Durability } from './durability.tsx'
import { Persistence } from './persistence.tsx'
import { useStorage } from './use-storage.ts'

export function StoragePage(): ReactNode {
  const { report, error, look } = useStorage()
  return (
    <>
      <section className="panel" aria-labelledby="storage-heading">
        <header>
          <h2 id="storage-heading">Storage</h2>
          <p>The log has to be kept. Snapshots only save folding it again, and may be dropped at any time.</p>
        </header>
        {error && <Fault error={error} />}
        {report && <Taken report={report} />}
        {report && <Persistence report={report} onAsked={look} />}
      </section>
      <Durability />
    </>
  )
}

function Taken({ report: { log, snapshots, usage, quota } }: { readonly report: StorageReport }): ReactNode {
  const now = useNow()
  const most = Math.max(1, log.bytes, ...snapshots.map(({ bytes }) => bytes))
  return (
    <>
      <table className="figures storage">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Size</th>
            <th scope="col">
              <span className="sr-only">Beside the others</span>
            </th>
            <th scope="col">Stored</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">
              <a href={hrefOf({ page: 'room', within: ['log'] })}>log</a>
            </th>
            <td>{formatBytes(log.bytes)}</td>
            <td>
              <Bar share={log.bytes / most} part="truth" />
            </td>
            <td>in {formatCount(log.records)} records</td>
          </tr>
          {snapshots.map(({ view, bytes, storedAt }) => (
            <tr key={view}>
              <th scope="row">
                <a href={hrefOf({ page: 'room', within: ['view', view] })}>{view}</a>
              </th>
              <td>{formatBytes(bytes)}</td>
              <td>
                <Bar share={bytes / most} part="derived" />
              </td>
              <td>{formatAge(storedAt, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">
        Aggregates lie in the snapshot of their table.{' '}
        {usage !== undefined &&
          quota !== undefined &&
          `The browser counts ${formatBytes(usage)} for this site, of ${formatBytes(quota)} that it may use (${shareText(usage / quota)}).`}
      </p>
    </>
  )
}

const shareText = (share: number): string =>
  share < 0.001 ? 'less than 0.1 %' : `${(100 * share).toFixed(1)} %`

function Bar({ share, part }: { readonly share: number; readonly part: 'truth' | 'derived' }): ReactNode {
  return (
    <span className="storage-bar" aria-hidden="true">
      <span data-part={part} style={{ width: `${Math.max(0.5, 100 * share)}%` }} />
    </span>
  )
}
