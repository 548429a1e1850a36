// The dataflow as the machine room draws it: what is there, what flows where, and that nothing stands upon another.
import { expect, test } from 'vitest'
import { tracker } from '../../src/model.ts'
import { flowOf, livelinessOf, placeFlow } from '../../src/room/graph/flow.ts'

const flow = flowOf(tracker, true)
const names = Object.values(tracker.views).map(({ name }) => name)

test('every view of the model is a node, fed by the log or by what it is derived from, and read by the page', () => {
  expect(flow.nodes.map(({ id }) => id)).toEqual([
    'peers',
    'log',
    ...names.map((name) => `view:${name}`),
    'page',
  ])
  const feeding = (name: string) =>
    flow.edges.filter(({ to }) => to === `view:${name}`).map(({ from }) => from)
  expect(feeding('issues')).toEqual(['log'])
  expect(feeding('byStatus')).toEqual(['view:issues'])
  expect(feeding('issueSearch')).toContain('view:issues')
  for (const name of names) {
    expect(feeding(name).length).toBeGreaterThan(0)
    expect(flow.edges).toContainEqual({ from: `view:${name}`, to: 'page', carries: 'answers', view: name })
  }
})

test('a database that syncs with nobody has no peers', () => {
  expect(flowOf(tracker, false).nodes.some(({ type }) => type === 'peers')).toBe(false)
})

test('data flow from left to right, and no node covers another', () => {
  const { nodes, width, height } = placeFlow(flow)
  const at = new Map(nodes.map((node) => [node.id, node]))
  for (const { from, to } of flow.edges) expect(at.get(from)!.x).toBeLessThan(at.get(to)!.x)
  for (const a of nodes) {
    expect(a.x + a.width).toBeLessThanOrEqual(width)
    expect(a.y + a.height).toBeLessThanOrEqual(height)
    const covered = nodes.filter(
      (b) =>
        a !== b && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
    )
    expect(covered).toEqual([])
  }
})

test('an edge goes around the nodes between its ends, and the log stands in the middle', () => {
  const { nodes, edges, height } = placeFlow(flow)
  const gaps = edges.flatMap(({ gaps }) => gaps)
  expect(gaps).toHaveLength(3)
  for (const { left, right, y } of gaps) {
    const crossed = nodes.filter(
      (node) => node.x < right && left < node.x + node.width && node.y < y && y < node.y + node.height,
    )
    expect(crossed).toEqual([])
  }
  const log = nodes.find(({ type }) => type === 'log')!
  expect(log.y + log.height / 2).toBeCloseTo(height / 2)
})

test('more flow is livelier, and none is still', () => {
  const rates = [0, 0.01, 1, 100, 1_000, 100_000]
  expect(rates.map(livelinessOf)).toEqual([0, 0, 1, 2, 3, 4])
})
