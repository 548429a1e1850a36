// The naive twins of all views: everything reckoned from the list of all events, with plain arrays and no state at all. What
// a tab answers must be what these say (V3, V7).

import { type Build, eventsOf, foldTask, type Happened, keysOf, NOTES_EVENT, type Task } from './model.ts'
import { naiveTexts } from './naive-documents.ts'

/** An event as it lies in the log, in the version in which it was written. */
export interface LoggedEvent extends Happened {
  readonly version: number
  readonly offset: number
  readonly replica: string
  readonly sequence: number
  readonly timestamp: number
}

/** The events of those commits that a build can take: one with a type that it does not know is passed over whole. */
export function foldable(
  build: Build,
  commits: readonly { readonly events: readonly LoggedEvent[] }[],
): readonly LoggedEvent[] {
  const known = new Set([NOTES_EVENT, ...eventsOf[build].map(({ type }) => type)])
  return commits
    .filter(({ events }) => events.every(({ type }) => known.has(type)))
    .flatMap(({ events }) => events)
}

/** Rows by key, in key order, as a build folds them. */
export function naiveRows(build: Build, events: readonly LoggedEvent[]): ReadonlyMap<string, Task> {
  const rows = new Map<string, Task>()
  for (const event of inStampOrder(events)) {
    if (event.type === NOTES_EVENT) continue
    for (const key of keysOf(event)) {
      const row = foldTask(build, rows.get(key), event, key)
      if (row) rows.set(key, row)
      else rows.delete(key)
    }
  }
  return new Map([...rows].sort(([a], [b]) => compare(a, b)))
}

/** Whether a build stops at one of these events, because it was written in a version that it does not know. */
export function stops(build: Build, events: readonly LoggedEvent[]): boolean {
  return build === 'old' && events.some(({ type, version }) => type === 'task.opened' && version > 1)
}

/** Events in the order in which every replica folds them. */
export function inStampOrder(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  return [...events].sort(
    (a, b) => a.timestamp - b.timestamp || compare(a.replica, b.replica) || a.sequence - b.sequence,
  )
}

/** Everything that a tab is asked, by name, and what it must answer; `undefined` where no answer is known yet. */
export function naiveAnswers(
  build: Build,
  events: readonly LoggedEvent[],
): Readonly<Record<string, readonly unknown[] | undefined>> {
  const texts = naiveTexts(events)
  const rows = [...naiveRows(build, events).values()]
  const byStatus = sortBy(rows, (row) => [row.status, row.points, row.id])
  const owned = rows.filter(({ owner }) => owner !== '')
  return {
    rows,
    byStatus,
    byOwner: sortBy(owned, (row) => [row.owner, row.id]),
    perStatus: groups(rows, ({ status }) => status).map(([group, some]) => ({
      group,
      tasks: some.length,
      points: total(some),
      owners: new Set(some.map(({ owner }) => owner)).size,
    })),
    perOwner: groups(owned, ({ owner }) => owner).map(([group, some]) => ({
      group,
      mean: total(some) / some.length,
      least: Math.min(...some.map(({ points }) => points)),
      most: Math.max(...some.map(({ points }) => points)),
    })),
    notes: texts && [...texts],
    found:
      texts &&
      rows
        .filter(({ id, title }) => `${title} ${texts.get(id) ?? ''}`.split(' ').includes(SOUGHT))
        .map(({ id }) => id),
  }
}

/** The word that is searched for. */
export const SOUGHT = 'amber'

function total(rows: readonly Task[]): number {
  return rows.reduce((sum, { points }) => sum + points, 0)
}

function groups(
  rows: readonly Task[],
  by: (row: Task) => string,
): readonly (readonly [string, readonly Task[]])[] {
  const names = [...new Set(rows.map(by))].sort(compare)
  return names.map((name) => [name, rows.filter((row) => by(row) === name)])
}

function sortBy(rows: readonly Task[], tuple: (row: Task) => readonly (string | number)[]): readonly Task[] {
  return [...rows].sort((a, b) => {
    const [left, right] = [tuple(a), tuple(b)]
    const at = left.findIndex((part, i) => part !== right[i])
    if (at < 0) return 0
    const [one, other] = [left[at]!, right[at]!]
    return typeof one === 'number' && typeof other === 'number'
      ? one - other
      : compare(String(one), String(other))
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
