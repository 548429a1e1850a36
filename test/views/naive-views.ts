// The naive twins of table and aggregate: everything is computed from the list of all events, sorted by stamp, with plain
// arrays and no state at all. What the views answer must be what these say (V7).

import type { StoredEvent } from '@headwater/log'
import { day } from '@headwater/views'
import { byOwner, byStatus, bySteps, folds, type Item, movedKeys } from './world.ts'

type AnyFold = (row: Item | undefined, event: StoredEvent, key: string) => Item | undefined

/** Events in the order in which every replica folds them. */
export function inStampOrder(events: readonly StoredEvent[]): readonly StoredEvent[] {
  return [...events].sort(
    (a, b) => a.timestamp - b.timestamp || compare(a.replica, b.replica) || a.sequence - b.sequence,
  )
}

/** Rows by key, in key order. */
export function naiveRows(events: readonly StoredEvent[]): readonly (readonly [key: string, row: Item])[] {
  const rows: Record<string, Item | undefined> = {}
  for (const event of inStampOrder(events)) {
    for (const key of naiveKeys(event)) {
      const fold = folds[event.type as keyof typeof folds] as AnyFold
      rows[key] = withoutUndefined(fold(rows[key], event, key))
    }
  }
  const present = Object.entries(rows).flatMap(([key, row]) => (row ? [[key, row] as const] : []))
  return present.sort(([a], [b]) => compare(a, b))
}

/** The keys that an event concerns. */
export function naiveKeys(event: StoredEvent): readonly string[] {
  if (!(event.type in folds)) return []
  if (event.type === 'moved') return [...new Set(movedKeys(event.data as { from: string; to: string }))]
  return [(event.data as { id: string }).id]
}

/** Offsets of the events that made a row. */
export function naiveHistory(events: readonly StoredEvent[], key: string): readonly number[] {
  return inStampOrder(events).flatMap((event) => (naiveKeys(event).includes(key) ? [event.offset] : []))
}

export type NaiveIndex = 'byStatus' | 'byOwner' | 'byStep'
const tuplesOf: Record<NaiveIndex, (row: Item) => readonly (readonly (string | number)[])[]> = {
  byStatus: (row) => [byStatus(row)],
  byOwner: (row) => [byOwner(row) ?? []].filter((tuple) => tuple.length > 0),
  byStep: bySteps,
}

/** Rows in the order of an index. */
export function naiveIndex(events: readonly StoredEvent[], index: NaiveIndex): readonly Item[] {
  const entries = naiveRows(events).flatMap(([key, row]) => {
    const tuples = new Map(tuplesOf[index](row).map((tuple) => [JSON.stringify(tuple), tuple]))
    return [...tuples.values()].map((tuple) => ({ tuple: [...tuple, key], row }))
  })
  return entries.sort((a, b) => compareTuples(a.tuple, b.tuple)).map(({ row }) => row)
}

interface NaiveGroup {
  readonly group: unknown
  readonly rows: readonly Item[]
}

function groupsOf(
  rows: readonly Item[],
  groupBy: (row: Item) => string | readonly string[] | undefined,
): NaiveGroup[] {
  const groups = new Map<string, { group: unknown; tuple: readonly string[]; rows: Item[] }>()
  for (const row of rows) {
    const group = groupBy(row)
    if (group === undefined) continue
    const tuple = typeof group === 'string' ? [group] : group
    const known = groups.get(JSON.stringify(tuple)) ?? { group, tuple, rows: [] }
    known.rows.push(row)
    groups.set(JSON.stringify(tuple), known)
  }
  return [...groups.values()].sort((a, b) => compareTuples(a.tuple, b.tuple))
}

/** What `perStatus` answers, the median left as the exact one. */
export function naivePerStatus(events: readonly StoredEvent[]): readonly Record<string, unknown>[] {
  const rows = naiveRows(events).map(([, row]) => row)
  return groupsOf(rows, (row) => row.status).map(({ group, rows: some }) => {
    const points = some.map((row) => row.points).sort((a, b) => a - b)
    const total = exactSum(points)
    return {
      group,
      items: some.length,
      points: total,
      mean: total / some.length,
      least: points[0],
      most: points.at(-1),
      owners: new Set(some.flatMap(({ owner }) => (owner === undefined ? [] : [owner]))).size,
      median: points[Math.floor(0.5 * (points.length - 1))],
    }
  })
}

/** What `perOwnerAndDay` answers. */
export function naivePerOwnerAndDay(events: readonly StoredEvent[]): readonly Record<string, unknown>[] {
  const rows = naiveRows(events).map(([, row]) => row)
  const groupBy = (row: Item): readonly string[] | undefined =>
    row.owner === undefined ? undefined : [row.owner, day(row.at)]
  return groupsOf(rows, groupBy).map(({ group, rows: some }) => ({
    group,
    items: some.length,
    points: exactSum(some.map(({ points }) => points)),
  }))
}

/** The tests' points are multiples of 1/1024, and small: adding them is exact. */
function exactSum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareTuples(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [i, part] of a.entries()) {
    const other = b[i]
    if (other === undefined) return 1
    if (part === other) continue
    return typeof part === 'number' && typeof other === 'number'
      ? part - other
      : compare(String(part), String(other))
  }
  return a.length - b.length
}

function withoutUndefined(row: Item | undefined): Item | undefined {
  return row && (JSON.parse(JSON.stringify(row)) as Item)
}
