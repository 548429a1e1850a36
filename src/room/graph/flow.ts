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

interface Size {
  readonly width: number
  readonly height: number
}

/** The longest name of a view, its kind and its state fit side by side. */
const SIZES: Readonly<Record<FlowNodeType, Size>> = {
  peers: { width: 208, height: 58 },
  log: { width: 152, height: 108 },
  view: { width: 240, height: 58 },
  page: { width: 172, height: 92 },
}
const MARGIN = 6

interface Point {
  readonly x: number
  readonly y: number
}

export interface Placed extends FlowNode, Size, Point {}

/** A gap that is kept free for an edge in a column that it goes through: from left to right at `y`. */
export interface Gap {
  readonly left: number
  readonly right: number
  readonly y: number
}

export interface PlacedEdge extends FlowEdge {
  readonly gaps: readonly Gap[]
}

export interface PlacedFlow extends Size {
  readonly nodes: readonly Placed[]
  readonly edges: readonly PlacedEdge[]
}

/** Places nodes in columns from left to right; what stands alone in its column stands in the middle. */
export function placeFlow({ nodes, edges }: Flow): PlacedFlow {
  const graph = new Graph()
  const spaces = { nodesep: 10, edgesep: 10, ranksep: 44, marginx: MARGIN, marginy: MARGIN }
  graph.setGraph({ rankdir: 'LR', ...spaces })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id, type } of nodes) graph.setNode(id, { ...SIZES[type] })
  for (const { from, to, carries } of edges)
    graph.setEdge(from, to, { weight: carries === 'answers' ? 1 : 4 })
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  const centred = nodes.map((node) => {
    const { x = 0, y = 0 } = graph.node(node.id)
    return { ...node, ...SIZES[node.type], x, y }
  })
  const columnAt = (x: number): readonly Placed[] => centred.filter((node) => Math.abs(node.x - x) < 1)
  const placed = centred.map((node): Placed => {
    const y = columnAt(node.x).length === 1 ? height / 2 : node.y
    return { ...node, x: node.x - node.width / 2, y: y - node.height / 2 }
  })
  const gapsOf = ({ from, to }: FlowEdge): readonly Gap[] => {
    const points: readonly Point[] = graph.edge(from, to).points ?? []
    return points.flatMap(({ x, y }) => {
      const wide = Math.max(0, ...columnAt(x).map(({ width }) => width))
      return wide > 0 ? [{ left: x - wide / 2, right: x + wide / 2, y }] : []
    })
  }
  return { nodes: placed, edges: edges.map((edge) => ({ ...edge, gaps: gapsOf(edge) })), width, height }
}

/** How lively a flow is drawn, from nothing (0) to as lively as it gets (4): steps, so that marks do not jump about. */
export function livelinessOf(perSecond: number): 0 | 1 | 2 | 3 | 4 {
  if (perSecond < 0.05) return 0
  if (perSecond < 10) return 1
  if (perSecond < 300) return 2
  return perSecond < 5_000 ? 3 : 4
}
