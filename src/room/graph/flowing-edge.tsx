/**
 * An edge, as thick as what flows along it is much, with marks that move as fast; they stand still where motion is unwanted. It
 * goes around nodes, through the gaps that are kept for it.
 */
import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react'
import type { ReactNode } from 'react'
import { useLastLogSample, useLastViewSample } from '../samples.ts'
import type { Gap, PlacedEdge } from './flow.ts'
import { livelinessOf } from './flow.ts'

export type FlowingEdgeData = Pick<PlacedEdge, 'carries' | 'view' | 'gaps'> & Record<string, unknown>

export function FlowingEdge(props: EdgeProps<Edge<FlowingEdgeData, 'flowing'>>): ReactNode {
  const { sourceX, sourceY, targetX, targetY, data } = props
  const path = pathOf(sourceX, sourceY, [
    ...(data?.gaps ?? []),
    { left: targetX, right: targetX, y: targetY },
  ])
  const { rate, isUsed } = useFlowRate(data)
  return (
    <g className="flowing" data-carries={data?.carries} data-lively={livelinessOf(rate)} data-used={isUsed}>
      <BaseEdge path={path} />
      <path className="marks" d={path} />
    </g>
  )
}

/** From one end by each stretch to the next: curves that begin and end level. */
function pathOf(fromX: number, fromY: number, stretches: readonly Gap[]): string {
  const at = { x: fromX, y: fromY }
  const parts = stretches.map(({ left, right, y }) => {
    const middle = (at.x + left) / 2
    const part = `C${middle},${at.y} ${middle},${y} ${left},${y}H${right}`
    Object.assign(at, { x: right, y })
    return part
  })
  return `M${fromX},${fromY}${parts.join('')}`
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
