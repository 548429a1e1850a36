/** The report of an import that met lines it could not take: which, why, and what can be done. */
import type { ImportReport } from 'headwater'
import { type ReactNode, useSyncExternalStore } from 'react'
import { useTracker } from '../database.ts'
import { formatCount, plural } from '../format.ts'
import { Dialog } from '../page/dialog.tsx'
import { Fault } from '../page/fault.tsx'
import {
  getImportEnd,
  type ImportEnd,
  importFile,
  setImportEnd,
  subscribeToImportEnd,
  summaryOf,
} from './import-file.ts'

const close = (): void => setImportEnd(undefined)

export function ImportReportDialog(): ReactNode {
  const end = useSyncExternalStore(subscribeToImportEnd, getImportEnd)
  if (end === undefined) return null
  const title = end.type === 'refused' ? 'Nothing was imported' : 'Imported, with lines left out'
  return (
    <Dialog title={title} onClose={close}>
      {end.type === 'refused' ? <Refused end={end} /> : <Skipped report={end.report} />}
    </Dialog>
  )
}

function Refused({
  end: { file, error },
}: {
  readonly end: ImportEnd & { readonly type: 'refused' }
}): ReactNode {
  const db = useTracker()
  const skip = (): void => {
    close()
    void importFile(db, file, 'skip')
  }
  const { line } = error.facts
  return (
    <>
      <p>
        <b>{file.name}</b>
        {line === undefined ? '' : `, line ${formatCount(Number(line))}`}
      </p>
      <div role="alert">
        <Fault error={error} />
      </div>
      <footer>
        <button type="button" className="quiet" onClick={close}>
          Leave it
        </button>
        <button type="button" className="primary" onClick={skip}>
          Skip such lines, import the rest
        </button>
      </footer>
    </>
  )
}

function Skipped({ report }: { readonly report: ImportReport }): ReactNode {
  const { faults, skipped } = report
  return (
    <>
      <p>
        {summaryOf(report)}; {plural(skipped, 'line')} left out
        {skipped > faults.length ? `, of which the first ${faults.length} are` : ''}:
      </p>
      <ol className="faults">
        {faults.map(({ line, error }) => (
          <li key={line}>
            <b>Line {formatCount(line)}</b> {error.message}
          </li>
        ))}
      </ol>
      <footer>
        <button type="button" className="primary" onClick={close}>
          Understood
        </button>
      </footer>
    </>
  )
}
