/**
 * The dataflow of a database as nodes and edges, told from its definition alone, and where they stand: peers and log to the
 * left, what is folded from the log, what is derived from that, and the page that reads to the right. Pure.
 */
import { Graph, layout } from '@dagrejs/dagre'
import type { DatabaseDefinition } from 'headwater'
import { parentsOf } from '../parents.ts'

export type FlowNodeType = 'peers' | 'log' | 'view' | 'page'

export interface FlowNode {
  /** For a view, its name behind `view:`. */
  readonly id: string
  readonly type: FlowNodeType
  readonly view: string | undefined
}

/** What flows: events into the log, events or rows into a view, answers to the page. */
export interface FlowEdge {
  readonly from: string
  readonly to: string
  readonly carries: 'commits' | 'events' | 'rows' | 'answers'
  /** Whose rate it is: the view that takes or answers. */
  readonly view: string | undefined
}

export interface Flow {
  readonly nodes: readonly FlowNode[]
  readonly edges: readonly FlowEdge[]
}

const idOf = (view: string): string => `view:${view}`

export function flowOf({ views }: DatabaseDefinition, hasPeers: boolean): Flow {
  const all = Object.values(views)
  const ofViews = all.map(({ name }): FlowNode => ({ id: idOf(name), type: 'view', view: name }))
  const nodes: readonly FlowNode[] = [
    ...(hasPeers ? [{ id: 'peers', type: 'peers', view: undefined } as const] : []),
    { id: 'log', type: 'log', view: undefined },
    ...ofViews,
    { id: 'page', type: 'page', view: undefined },
  ]
  const intoViews = all.flatMap((view): readonly FlowEdge[] => {
    const parents = parentsOf(view)
    if (parents.length === 0)
      return [{ from: 'log', to: idOf(view.name), carries: 'events', view: view.name }]
    return parents.map((parent) => ({
      from: idOf(parent),
      to: idOf(view.name),
      carries: 'rows',
      view: view.name,
    }))
  })
  const intoPage = all.map(
    ({ name }): FlowEdge => ({ from: idOf(name), to: 'page', carries: 'answers', view: name }),
  )
  const fromPeers: readonly FlowEdge[] = hasPeers
    ? [{ from: 'peers', to: 'log', carries: 'commits', view: undefined }]
    : []
  return { nodes, edges: [...fromPeers, ...intoViews, ...intoPage] }
}

const NODE_WIDTH = 224
const NODE_HEIGHTS: Readonly<Record<FlowNodeType, number>> = { peers: 58, log: 108, view: 58, page: 92 }
const MARGIN = 6

export interface Placed extends FlowNode {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface PlacedFlow {
  readonly nodes: readonly Placed[]
  readonly width: number
  readonly height: number
}

/** Places nodes from left to right. */
export function placeFlow({ nodes, edges }: Flow): PlacedFlow {
  const graph = new Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 40, marginx: MARGIN, marginy: MARGIN })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id, type } of nodes) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHTS[type] })
  for (const { from, to, carries } of edges)
    graph.setEdge(from, to, { weight: carries === 'answers' ? 1 : 4 })
  layout(graph)
  const placed = nodes.map((node) => {
    const { x = 0, y = 0, width, height } = graph.node(node.id)
    return { ...node, x: x - width / 2, y: y - height / 2, width, height }
  })
  const { width = 0, height = 0 } = graph.graph()
  return { nodes: placed, width, height }
}

/** How lively a flow is drawn, from nothing (0) to as lively as it gets (4): steps, so that marks do not jump about. */
export function livelinessOf(perSecond: number): 0 | 1 | 2 | 3 | 4 {
  if (perSecond < 0.05) return 0
  if (perSecond < 10) return 1
  if (perSecond < 300) return 2
  return perSecond < 5_000 ? 3 : 4
}
