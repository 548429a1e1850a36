/**
 * The version vectors side by side: how much of each replica's events this log holds, and how much the devices hold that
 * are here. Where two columns agree in every row, the two logs hold the same events.
 */
import { useStatus } from '@headwater/react'
import type { Presence } from 'headwater'
import { type ReactNode, useCallback, useSyncExternalStore } from 'react'
import { useTracker } from '../../database.ts'
import { device } from '../../devices/device.ts'
import { readDevice, type ShownDevice } from '../../devices/shown-device.ts'
import { formatCount } from '../../format.ts'
import { hrefOf } from '../../route.ts'
import { useVector, type Vector } from '../use-vector.ts'

export function Vectors(): ReactNode {
  const vector = useVector()
  const own = useStatus((status) => status.log.replica)
  const peers = usePeers(own)
  const replicas = replicasOf(own, vector, peers)
  return (
    <section className="panel" aria-labelledby="vectors-heading">
      <header>
        <h2 id="vectors-heading">Version vectors</h2>
        <p>
          The last event held of each replica. This is all that two devices compare to find out what one
          lacks.
        </p>
      </header>
      <div className="scroll-x">
        <table className="figures vectors">
          <thead>
            <tr>
              <th scope="col">Written by</th>
              <th scope="col">This device ({device.number})</th>
              {peers.map(({ number, replica }) => (
                <th key={replica} scope="col">
                  Device {number} <small>{replica.slice(0, 4)}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {replicas.map((replica) => (
              <Row key={replica} replica={replica} own={own} vector={vector} peers={peers} />
            ))}
          </tbody>
        </table>
      </div>
      {replicas.length === 0 && <p className="hint">No replica has written yet.</p>}
      {peers.length === 0 && <Nobody />}
    </section>
  )
}

function Nobody(): ReactNode {
  const { sync } = useTracker()
  const isOnline = sync?.get().state === 'live'
  return (
    <p className="hint">
      {isOnline
        ? 'No other device is here at the moment.'
        : 'What other devices hold is not known while this one is offline.'}
    </p>
  )
}

interface RowProps {
  readonly replica: string
  readonly own: string
  readonly vector: Vector
  readonly peers: readonly ShownDevice[]
}

function Row({ replica, own, vector, peers }: RowProps): ReactNode {
  const all = [vector, ...peers.map((peer) => peer.vector)].map((of) => of[replica] ?? 0)
  const most = Math.max(...all)
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf({ page: 'room', within: ['log', 'replica', replica] })}>
          <code>{replica.slice(0, 8)}</code>
        </a>{' '}
        {whose(replica, own, peers)}
      </th>
      {all.map((count, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
        <td key={at} data-behind={count < most}>
          {formatCount(count)}
          {count < most && <small> {formatCount(most - count)} behind</small>}
        </td>
      ))}
    </tr>
  )
}

function whose(replica: string, own: string, peers: readonly ShownDevice[]): string {
  if (replica === own) return 'this device'
  const peer = peers.find((of) => of.replica === replica)
  return peer === undefined ? '' : `device ${peer.number}`
}

/** This device first, then those that are here, then the others. */
function replicasOf(own: string, vector: Vector, peers: readonly ShownDevice[]): readonly string[] {
  const known = new Set([vector, ...peers.map((peer) => peer.vector)].flatMap(Object.keys))
  const first = [own, ...peers.map(({ replica }) => replica)].filter((replica) => known.has(replica))
  return [...new Set([...first, ...known])]
}

/** The other devices that are here: one entry a replica, however many tabs it has. */
function usePeers(own: string): readonly ShownDevice[] {
  const { presence } = useTracker()
  const subscribe = useCallback(
    (listener: () => void) => presence?.subscribe(listener) ?? (() => undefined),
    [presence],
  )
  const others = useSyncExternalStore(subscribe, () => presence?.get() ?? NOBODY)
  const byReplica = new Map<string, ShownDevice>()
  for (const { state } of others) {
    const shown = readDevice(state)
    if (shown !== undefined && shown.replica !== own) byReplica.set(shown.replica, shown)
  }
  return [...byReplica.values()].toSorted((a, b) => a.number - b.number)
}

const NOBODY: ReturnType<Presence['get']> = []
