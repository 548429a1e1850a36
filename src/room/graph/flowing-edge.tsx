/** An edge, as thick as what flows along it is much, with marks that move as fast; they stand still where motion is unwanted. */
import { BaseEdge, type Edge, type EdgeProps, getBezierPath } from '@xyflow/react'
import type { ReactNode } from 'react'
import { useLastLogSample, useLastViewSample } from '../samples.ts'
import type { FlowEdge } from './flow.ts'
import { livelinessOf } from './flow.ts'

export type FlowingEdgeData = Pick<FlowEdge, 'carries' | 'view'> & Record<string, unknown>

export function FlowingEdge(props: EdgeProps<Edge<FlowingEdgeData, 'flowing'>>): ReactNode {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data } = props
  const [path] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition })
  const { rate, isUsed } = useFlowRate(data)
  return (
    <g className="flowing" data-carries={data?.carries} data-lively={livelinessOf(rate)} data-used={isUsed}>
      <BaseEdge path={path} />
      <path className="marks" d={path} />
    </g>
  )
}

/** What flows in a second; `isUsed` is false where the page does not read the view at all. */
function useFlowRate(data: FlowingEdgeData | undefined): { readonly rate: number; readonly isUsed: boolean } {
  const ofView = useLastViewSample(data?.view ?? '')
  const ofLog = useLastLogSample()
  switch (data?.carries) {
    case 'answers':
      return { rate: ofView?.answered ?? 0, isUsed: (ofView?.queries ?? 0) > 0 }
    case 'commits':
      return { rate: ofLog?.added ?? 0, isUsed: true }
    default:
      return { rate: ofView?.folded ?? 0, isUsed: true }
  }
}
