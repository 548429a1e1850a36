/**
 * What a rebuild by hand keeps: rows, each key's history, group totals. Exact under update, as the engine's views are;
 * a secondary index is sorted when it is needed, which at a rebuild is once, at the end.
 */
import { foldEvent, type Issue } from '../fold.ts'
import type { TrackerEvent } from '../stream.ts'

/** Totals of one group. */
export interface Totals {
  issues: number
  points: number
}

export interface State {
  readonly rows: Map<string, Issue>
  readonly history: Map<string, number[]>
  readonly byStatus: Map<string, Totals>
  readonly byAssignee: Map<string, Totals>
}

export function createState(): State {
  return { rows: new Map(), history: new Map(), byStatus: new Map(), byAssignee: new Map() }
}

/** Folds one event at its offset. */
export function foldInto(state: State, event: TrackerEvent, offset: number): void {
  const key = event.data.id
  const before = state.rows.get(key)
  const after = foldEvent(before, event)
  const history = state.history.get(key)
  if (history === undefined) state.history.set(key, [offset])
  else history.push(offset)
  if (after === undefined) return
  state.rows.set(key, after)
  count(state.byStatus, before?.status, before, after.status, after)
  count(state.byAssignee, before?.assignee, before, after.assignee, after)
}

function count(
  groups: Map<string, Totals>,
  left: string | undefined,
  before: Issue | undefined,
  joined: string,
  after: Issue,
): void {
  if (left === joined && before?.points === after.points) return
  if (left !== undefined && before !== undefined) {
    const totals = groups.get(left)!
    totals.issues--
    totals.points -= before.points
    if (totals.issues === 0) groups.delete(left)
  }
  const totals = groups.get(joined)
  if (totals === undefined) groups.set(joined, { issues: 1, points: after.points })
  else {
    totals.issues++
    totals.points += after.points
  }
}
