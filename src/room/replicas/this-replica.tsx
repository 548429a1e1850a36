/** How this replica syncs, and its switch. */
import { useStatus, useSync } from '@headwater/react'
import type { ReactNode } from 'react'
import { useTracker } from '../../database.ts'
import { device } from '../../devices/device.ts'
import { formatCount, plural } from '../../format.ts'
import { Fault } from '../../page/fault.tsx'
import { tellFailure } from '../../page/notice-store.ts'
import { Gauge } from '../gauge.tsx'
import { useVector } from '../use-vector.ts'

const OFFLINE_REASON = 'switched off in the machine room'

export function ThisReplica(): ReactNode {
  const { state, reason, error, pending, refused, leads } = useSync()
  const { replica, head } = useStatus((status) => status.log)
  const { [replica]: _own, ...written } = useVector()
  const elsewhere = Object.values(written).reduce((sum, count) => sum + count, 0)
  return (
    <>
      <OfflineSwitch />
      {error && state !== 'live' && <Fault error={error} />}
      <dl className="gauges">
        <Gauge
          name="This replica"
          value={replica.slice(0, 8)}
          note={`device ${device.number}`}
          title={replica}
        />
        <Gauge
          name="Sync"
          value={state}
          note={reason ?? (leads ? 'by this tab, for all tabs' : 'by another tab')}
        />
        {/* Counted from what is held, which is so after a reload as well: how much was sent and received is noted now and then. */}
        <Gauge name="Holds" value={formatCount(head)} note="events in all" />
        <Gauge name="To send" value={formatCount(pending)} note="nobody else has them" />
        <Gauge
          name="Acknowledged"
          value={formatCount(Math.max(0, head - pending))}
          note={device.through === 'hub' ? 'the hub has them' : 'another device has them'}
        />
        <Gauge name="From others" value={formatCount(elsewhere)} note="other replicas wrote them" />
      </dl>
      <p className="hint">
        Workspace <code>{device.workspace}</code>,{' '}
        {device.through === 'hub' ? 'over the hub' : 'within this browser'}.
        {refused.length > 0 && ` ${plural(refused.length, 'commit')} of this device are refused there.`}
      </p>
    </>
  )
}

function OfflineSwitch(): ReactNode {
  const { name } = useTracker()
  const { state, pause, resume } = useSync()
  const isOffline = state === 'paused'
  const flip = (): void => {
    if (isOffline) resume().catch(tellFailure('Going online'))
    else pause(OFFLINE_REASON).catch(tellFailure('Going offline'))
  }
  return (
    <p className="switch-line">
      <button type="button" role="switch" className="switch" aria-checked={!isOffline} onClick={flip}>
        Online
      </button>
      <span className="hint">
        {isOffline
          ? `Offline: “${name}” takes every change, and sends them all when it is back.`
          : 'Switch it off, work on, and see what waits.'}
      </span>
    </p>
  )
}
