/** The figures of a view: where it stands, what it takes, how old its snapshot is, who reads it. */
import type { ReactNode } from 'react'
import { formatAge, formatBytes, formatCount, formatShort, formatTime } from '../../format.ts'
import { useNow } from '../../page/use-now.ts'
import { Gauge } from '../gauge.tsx'
import { memoryOf } from '../memory-of.ts'
import { useLastViewSample } from '../samples.ts'
import type { ViewStatus } from '../use-view-status.ts'

export function ViewFigures({ view }: { readonly view: ViewStatus }): ReactNode {
  const { position, checkpoint, lag, ratePerSecond, skipped, quarantined, progress } = view
  const queries = useLastViewSample(view.name)?.queries ?? 0
  return (
    <>
      <dl className="gauges">
        <Gauge name="Position" value={formatCount(position)} note="folded up to here" />
        <Gauge name="Lag" value={formatCount(lag)} note="events behind the log" />
        <Gauge
          name="Rate"
          value={`${formatShort(Math.round(ratePerSecond))}/s`}
          note="over the last seconds"
        />
        <Gauge name="Checkpoint" value={formatCount(checkpoint)} note="stored up to here" />
        <Snapshot snapshot={view.snapshot} />
        <Gauge name="Memory" {...memoryOf(view)} />
        <Gauge name="Read by" value={formatCount(queries)} note="live queries of this page" />
        {skipped > 0 && <Gauge name="Unknown" value={formatCount(skipped)} note="commits of newer builds" />}
        {quarantined > 0 && (
          <Gauge name="Quarantined" value={formatCount(quarantined)} note="commits that fail their schema" />
        )}
      </dl>
      {progress && (
        <progress
          aria-label={`${view.name}: folded`}
          value={progress.total === 0 ? 1 : Math.min(1, progress.done / progress.total)}
        />
      )}
    </>
  )
}

function Snapshot({ snapshot }: { readonly snapshot: ViewStatus['snapshot'] | undefined }): ReactNode {
  const now = useNow()
  if (snapshot === undefined) return <Gauge name="Snapshot" value="none" note="opening folds the whole log" />
  const { bytes, storedAt } = snapshot
  return (
    <Gauge
      name="Snapshot"
      value={formatBytes(bytes)}
      note={`stored ${formatAge(storedAt, now)}`}
      title={formatTime(storedAt)}
    />
  )
}
