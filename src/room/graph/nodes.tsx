/** The nodes of the dataflow, each a link to the place that tells more of it. Their figures are those of the running engine. */
import { useStatus, useSync } from '@headwater/react'
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import type { ReactNode } from 'react'
import { useTracker } from '../../database.ts'
import { formatBytes, formatCount, formatShort } from '../../format.ts'
import { useCalm } from '../../page/use-calm.ts'
import { hrefOf } from '../../route.ts'
import { useLastLogSample, useSamples } from '../samples.ts'
import { useViewStatus } from '../use-view-status.ts'

export type ViewNodeData = { readonly view: string }

interface CardProps {
  readonly className: string
  readonly to: readonly string[]
  readonly title: string
  readonly note: string
  readonly state?: string
  readonly facts: readonly (readonly [name: string, value: string])[]
}

function Card({ className, to, title, note, state, facts }: CardProps): ReactNode {
  return (
    <a className={`node ${className}`} href={hrefOf({ page: 'room', within: to })} data-state={state}>
      <span className="node-head">
        <b>{title}</b>
        <small>{note}</small>
        {state && <span className="state">{state}</span>}
      </span>
      <span className="node-facts">
        {facts.map(([name, value]) => (
          <span key={name}>
            {name} <b>{value}</b>
          </span>
        ))}
      </span>
    </a>
  )
}

const In = (): ReactNode => <Handle type="target" position={Position.Left} isConnectable={false} />
const Out = (): ReactNode => <Handle type="source" position={Position.Right} isConnectable={false} />

const perSecond = (rate: number): string => `${formatShort(Math.round(rate * 10) / 10)}/s`

export function LogNode(): ReactNode {
  const { head, bytes, records } = useCalm(useStatus((status) => status.log))
  const added = useLastLogSample()?.added ?? 0
  const { sync } = useTracker()
  return (
    <>
      {sync && <In />}
      <Card
        className="node-log"
        to={['log']}
        title="Log"
        note="the truth"
        facts={[
          ['events', formatCount(head)],
          ['records', formatCount(records)],
          ['size', formatBytes(bytes)],
          ['added', perSecond(added)],
        ]}
      />
      <Out />
    </>
  )
}

export function ViewNode({ data }: NodeProps<Node<ViewNodeData>>): ReactNode {
  const view = useViewStatus(data.view)
  if (view === undefined) return null
  const { name, kind, state, checkpoint, lag, ratePerSecond } = view
  return (
    <>
      <In />
      <Card
        className="node-view"
        to={['view', name]}
        title={name}
        note={kind}
        state={state}
        facts={[
          ['lag', formatCount(lag)],
          ['rate', perSecond(ratePerSecond)],
          ['checkpoint', formatCount(checkpoint)],
        ]}
      />
      <Out />
    </>
  )
}

export function PageNode(): ReactNode {
  const samples = useSamples(({ views }) => views)
  const last = [...samples.values()].map((of) => of.at(-1)).filter((sample) => sample !== undefined)
  const queries = last.reduce((sum, sample) => sum + sample.queries, 0)
  const answered = last.reduce((sum, sample) => sum + sample.answered, 0)
  const read = last.filter((sample) => sample.queries > 0).length
  return (
    <>
      <In />
      <Card
        className="node-page"
        to={['reads']}
        title="This page"
        note="reads views"
        facts={[
          ['live queries', formatCount(queries)],
          ['of views', formatCount(read)],
          ['answers', perSecond(answered)],
        ]}
      />
    </>
  )
}

export function PeersNode(): ReactNode {
  const { state, pending } = useSync()
  const head = useStatus((status) => status.log.head)
  return (
    <>
      <Card
        className="node-peers"
        to={['replicas']}
        title="Replicas"
        note="peers"
        state={state}
        facts={[
          ['to send', formatShort(pending)],
          ['acknowledged', formatShort(Math.max(0, head - pending))],
        ]}
      />
      <Out />
    </>
  )
}
