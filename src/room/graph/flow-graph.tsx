/**
 * The dataflow as a live picture: a link per view, and marks that move along the edges as fast as events, rows and answers
 * flow. Nothing in it can be dragged or zoomed: it is a map, not a desk, and the keyboard goes through it as through any links.
 */
import '@xyflow/react/dist/base.css'
import { type Edge, type Node, ReactFlow, type ReactFlowInstance } from '@xyflow/react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useTracker } from '../../database.ts'
import { flowOf, type PlacedFlow, placeFlow } from './flow.ts'
import { FlowingEdge, type FlowingEdgeData } from './flowing-edge.tsx'
import { LogNode, PageNode, PeersNode, ViewNode, type ViewNodeData } from './nodes.tsx'

const nodeTypes = { log: LogNode, view: ViewNode, page: PageNode, peers: PeersNode }
const edgeTypes = { flowing: FlowingEdge }

type GraphNode = Node<ViewNodeData>
type GraphEdge = Edge<FlowingEdgeData, 'flowing'>

export function FlowGraph(): ReactNode {
  const { definition, sync } = useTracker()
  const { placed, nodes, edges } = useMemo(() => {
    const placed = placeFlow(flowOf(definition, sync !== undefined))
    const edges: GraphEdge[] = placed.edges.map(({ from, to, carries, view, gaps }) => ({
      id: `${from}→${to}`,
      source: from,
      target: to,
      type: 'flowing',
      focusable: false,
      data: { carries, view, gaps },
    }))
    return { placed, nodes: nodesOf(placed), edges }
  }, [definition, sync])
  const [instance, setInstance] = useState<ReactFlowInstance<GraphNode, GraphEdge>>()
  const [box, isFitted] = useFitted(instance)
  return (
    <div
      ref={box}
      className="flow"
      data-fitted={isFitted}
      style={{ aspectRatio: `${placed.width} / ${placed.height}`, maxHeight: placed.height }}
    >
      <ReactFlow
        aria-label="Dataflow"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={setInstance}
        fitView
        fitViewOptions={FIT}
        minZoom={0.3}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        panOnDrag={false}
        zoomOnScroll={false}
        zoomOnPinch={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        disableKeyboardA11y
      />
    </div>
  )
}

const FIT = { padding: 0.01, maxZoom: 1 }

/** Keeps the whole picture in its box as that changes its size; until it is in it for the first time, it is not shown. */
function useFitted(instance: ReactFlowInstance<GraphNode, GraphEdge> | undefined) {
  const box = useRef<HTMLDivElement>(null)
  const [isFitted, setFitted] = useState(false)
  useEffect(() => {
    if (box.current === null || instance === undefined) return
    const observer = new ResizeObserver(() => void instance.fitView(FIT).then(() => setFitted(true)))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [instance])
  return [box, isFitted] as const
}

function nodesOf({ nodes }: PlacedFlow): GraphNode[] {
  return nodes.map(({ id, type, view, x, y, width, height }) => ({
    id,
    type,
    position: { x, y },
    width,
    height,
    data: { view: view ?? '' },
    draggable: false,
    selectable: false,
  }))
}
