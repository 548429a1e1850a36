// The app that simulated people use: tasks, in two builds that live side by side. The new build writes the event that opens
// a task in a newer version and has one type of event more; its views have other versions, so that its bases are its own.

import type { DatabaseDefinition, Draft, EventType } from 'headwater'
import {
  type AnyView,
  aggregate,
  average,
  count,
  countDistinct,
  defineDatabase,
  defineEvent,
  max,
  min,
  sum,
  table,
} from 'headwater'
import { document, documents } from 'headwater/documents'
import { search } from 'headwater/search'
import * as v from 'valibot'

/** Which build of the app a tab runs. */
export type Build = 'old' | 'new'

/** A row of the table. */
export interface Task {
  readonly id: string
  readonly title: string
  readonly points: number
  readonly owner: string
  readonly status: 'open' | 'closed'
  readonly steps: number
  /** In the new build. */
  readonly priority?: number
  readonly stars?: number
}

const id = v.string()
const Opened1 = defineEvent('task.opened', {
  schema: v.object({ id, nonce: v.number(), title: v.string(), points: v.number(), owner: v.string() }),
  key: (data) => data.id,
})
const Opened2 = defineEvent('task.opened', {
  version: 2,
  schema: v.object({
    id,
    nonce: v.number(),
    title: v.string(),
    points: v.number(),
    owner: v.string(),
    priority: v.number(),
  }),
  key: (data) => data.id,
  upcast: { 1: (old) => ({ ...old, priority: 0 }) },
})
const Renamed = defineEvent('task.renamed', {
  schema: v.object({ id, nonce: v.number(), title: v.string() }),
  key: (data) => data.id,
})
const Doubled = defineEvent('task.doubled', {
  schema: v.object({ id, nonce: v.number() }),
  key: (data) => data.id,
})
const Moved = defineEvent('task.moved', {
  schema: v.object({ from: id, to: id, nonce: v.number(), points: v.number() }),
})
const Closed = defineEvent('task.closed', {
  schema: v.object({ id, nonce: v.number() }),
  key: (data) => data.id,
})
const Deleted = defineEvent('task.deleted', {
  schema: v.object({ id, nonce: v.number() }),
  key: (data) => data.id,
})
const Starred = defineEvent('task.starred', {
  schema: v.object({ id, nonce: v.number() }),
  key: (data) => data.id,
})

/** What a fold of the model is given, here and in the naive twin. */
export interface Happened {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** The one fold of the table, by type of event. `undefined` deletes the row. */
export function foldTask(
  build: Build,
  row: Task | undefined,
  { type, data }: Happened,
  key: string,
): Task | undefined {
  if (type === 'task.opened') return openTask(build, row, data)
  if (!row) return undefined
  const next = { ...row, steps: row.steps + 1 }
  switch (type) {
    case 'task.renamed':
      return { ...next, title: String(data.title) }
    case 'task.doubled':
      return { ...next, points: (row.points * 2) % 1_000_003 }
    case 'task.moved':
      return { ...next, points: row.points + (key === data.to ? 1 : -1) * Number(data.points) }
    case 'task.closed':
      return { ...next, status: 'closed' }
    case 'task.starred':
      return { ...next, stars: (row.stars ?? 0) + 1 }
    default:
      return undefined
  }
}

function openTask(build: Build, row: Task | undefined, data: Happened['data']): Task {
  const { title, points, owner, priority } = data
  return {
    id: String(data.id),
    title: String(title),
    points: Number(points),
    owner: String(owner),
    status: 'open',
    steps: (row?.steps ?? 0) + 1,
    ...(build === 'new' ? { priority: Number(priority ?? 0), stars: 0 } : {}),
  }
}

/** The tasks that an event concerns. */
export function keysOf({ type, data }: Happened): readonly string[] {
  return type === 'task.moved' ? [...new Set([String(data.from), String(data.to)])] : [String(data.id)]
}

/** The events of a build, by type, with the version that it writes. */
export const eventsOf: Readonly<Record<Build, readonly EventType[]>> = {
  old: [Opened1, Renamed, Doubled, Moved, Closed, Deleted],
  new: [Opened2, Renamed, Doubled, Moved, Closed, Deleted, Starred],
}

/** What is noted on a task, under its id. */
const notes = documents('notes')

/** The type of the events that carry what is typed. */
export const NOTES_EVENT: string = notes.event.type

/** The database as a build declares it. */
export const definitions: Readonly<Record<Build, DatabaseDefinition>> = {
  old: define('old'),
  new: define('new'),
}

function define(build: Build): DatabaseDefinition {
  const version = build === 'old' ? 1 : 2
  let tasks = table<Task>('tasks', { version })
  for (const event of eventsOf[build])
    tasks = tasks.on(event, (row, stored, key) => foldTask(build, row, stored as Happened, key), {
      key: (data) => keysOf({ type: event.type, data: data as Happened['data'] }),
    })
  const indexed = tasks
    .index('byStatus', (row) => [row.status, row.points])
    .index('byOwner', (row) => (row.owner === '' ? undefined : [row.owner]))
  const views: Record<string, AnyView> = {
    tasks: indexed,
    perStatus: aggregate('perStatus', indexed, {
      version,
      groupBy: (row) => row.status,
      measures: {
        tasks: count(),
        points: sum((row) => row.points),
        owners: countDistinct((row) => row.owner),
      },
    }),
    perOwner: aggregate('perOwner', indexed, {
      version,
      groupBy: (row) => (row.owner === '' ? undefined : row.owner),
      measures: {
        mean: average((row) => row.points),
        least: min((row) => row.points),
        most: max((row) => row.points),
      },
    }),
    notes,
    texts: search('texts', indexed, { version, fields: { title: 1, body: document(notes) } }),
  }
  return defineDatabase({ name: 'tasks', events: eventsOf[build], views })
}

/** A draft of a build's own event. Throws for a type that it does not have. */
export function draftOf(build: Build, type: string, data: Happened['data']): Draft {
  const event = eventsOf[build].find((each) => each.type === type)
  if (!event) throw new Error(`build "${build}" has no event "${type}"`)
  return event(data)
}
