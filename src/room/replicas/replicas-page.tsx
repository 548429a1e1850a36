/** This replica and the others: what each holds, what waits to be sent, and the switch that takes this one offline. */
import type { ReactNode } from 'react'
import { useTracker } from '../../database.ts'
import { addressOf, device } from '../../devices/device.ts'
import { Icon } from '../../page/icon.tsx'
import { ThisReplica } from './this-replica.tsx'
import { Vectors } from './vectors.tsx'

export function ReplicasPage(): ReactNode {
  const { sync } = useTracker()
  return (
    <>
      <section className="panel" aria-labelledby="replicas-heading">
        <header>
          <h2 id="replicas-heading">Replicas</h2>
          <p>
            Each device has a log of its own and folds its own views. Only events travel; equal logs make
            equal views.
          </p>
        </header>
        {sync ? (
          <>
            <ThisReplica />
            <SecondDevice />
          </>
        ) : (
          <p className="hint">This page was opened with ?sync=off: its log stays alone.</p>
        )}
      </section>
      <Vectors />
    </>
  )
}

function SecondDevice(): ReactNode {
  const next = device.number + 1
  return (
    <div className="second-device">
      <a className="primary" href={addressOf(next)} target="_blank" rel="noopener">
        <Icon name="plus" /> Open {next === 2 ? 'a second device' : 'another device'}
      </a>
      <p className="hint">
        A window with a database of its own (device {next}), as if it were another computer.{' '}
        {device.through === 'hub'
          ? 'The two meet through the hub of this server, and so does whoever else opens the address.'
          : 'There is no hub here, so the two meet within this browser.'}
      </p>
    </div>
  )
}
