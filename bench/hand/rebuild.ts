/**
 * The rebuild by hand: reads the log's segments, folds rows, history and totals, sorts the secondary index, and stores
 * all of it as pages. Its answers must equal the engine's.
 */
import { type Answers, ASKED_IDS, answersToText } from '../answers.ts'
import type { Issue } from '../fold.ts'
import { createPageWriter } from './pages.ts'
import { readSegments } from './segments.ts'
import { createState, foldInto, type State, type Totals } from './state.ts'

/** How long it took and what came out. */
export interface Rebuilt {
  readonly ms: number
  readonly readAndFoldMs: number
  readonly storedChars: number
  readonly answers: string
  /** What an app would keep to go on from: it counts as memory. */
  readonly state: State
}

export async function rebuildByHand(log: IDBDatabase, bases: IDBDatabase): Promise<Rebuilt> {
  const start = performance.now()
  const state = createState()
  await readSegments(log, (events, firstOffset) => {
    for (let i = 0; i < events.length; i++) foldInto(state, events[i]!, firstOffset + i)
  })
  const foldedAt = performance.now()
  const writer = createPageWriter(bases)
  const keys = [...state.rows.keys()].sort()
  writer.write('rows', rowEntries(state, keys))
  const index = indexEntries(state)
  writer.write('byStatus', index)
  writer.write('history', historyEntries(state, keys))
  writer.write('totals', [
    ...totalEntries('status', state.byStatus),
    ...totalEntries('assignee', state.byAssignee),
  ])
  const storedChars = await writer.finish()
  const end = performance.now()
  const answers = answersToText(answersOf(state, index))
  return { ms: end - start, readAndFoldMs: foldedAt - start, storedChars, answers, state }
}

function* rowEntries(state: State, keys: readonly string[]): Iterable<readonly [string, Issue]> {
  for (const key of keys) yield [key, state.rows.get(key)!]
}

/** Keys of the index: status, then the time of opening with its digits aligned, then the row's key. */
function indexEntries({ rows }: State): (readonly [string, null])[] {
  const keys: string[] = []
  for (const [key, row] of rows)
    keys.push(`${row.status}\u0000${String(row.openedAt).padStart(16, '0')}\u0000${key}`)
  return keys.sort().map((key) => [key, null])
}

/** One entry an event, as the engine keeps it, so that both sides store as many. */
function* historyEntries({ history }: State, keys: readonly string[]): Iterable<readonly [string, number]> {
  for (const key of keys) {
    for (const offset of history.get(key)!) yield [`${key}\u0000${String(offset).padStart(16, '0')}`, offset]
  }
}

function totalEntries(name: string, groups: ReadonlyMap<string, Totals>): (readonly [string, Totals])[] {
  return [...groups.keys()].sort().map((group) => [`${name}\u0000${group}`, groups.get(group)!])
}

function answersOf(state: State, index: readonly (readonly [string, null])[]): Answers {
  const open = index.filter(([key]) => key.startsWith('open\u0000'))
  const groups = (totals: ReadonlyMap<string, Totals>): [string, number, number][] =>
    [...totals.keys()].sort().map((group) => [group, totals.get(group)!.issues, totals.get(group)!.points])
  return {
    rows: state.rows.size,
    open: open.length,
    firstOpen: open.slice(0, 50).map(([key]) => key.split('\u0000')[2]!),
    whole: ASKED_IDS.map((id) => state.rows.get(id)),
    histories: ASKED_IDS.map((id) => state.history.get(id)?.length ?? 0),
    byStatus: groups(state.byStatus),
    byAssignee: groups(state.byAssignee),
  }
}
