// The world of the database's tests: an issue tracker's events and views, a definition, and databases opened on it
// in process. Names are drawn, so that tests run side by side.
import {
  aggregate,
  count,
  type Database,
  type DatabaseDefinition,
  defineDatabase,
  defineEvent,
  type OpenOptions,
  openDatabase,
  sum,
  table,
} from 'headwater'
import * as v from 'valibot'

export const Opened = defineEvent('issue.opened', {
  schema: v.object({ id: v.string(), title: v.string(), points: v.number() }),
  key: (data) => data.id,
})
export const Closed = defineEvent('issue.closed', {
  schema: v.object({ id: v.string() }),
  key: (data) => data.id,
})
export const Deleted = defineEvent('issue.deleted', {
  schema: v.object({ id: v.string() }),
  key: (data) => data.id,
})
/** Takes any JSON: for data that schemas would refuse. */
export const Noted = defineEvent('note', { schema: v.any(), key: () => 'note' })

export interface Issue {
  readonly id: string
  readonly title: string
  readonly points: number
  readonly status: 'open' | 'closed'
}

export const issues = table<Issue>('issues')
  .on(Opened, (_row, { data }) => ({ ...data, status: 'open' }))
  .on(Closed, (row) => row && { ...row, status: 'closed' })
  .on(Deleted, () => undefined)
  .index('byStatus', (row) => [row.status, row.title])

export const points = aggregate('points', issues, {
  groupBy: (row) => row.status,
  measures: { issues: count(), points: sum((row) => row.points) },
})

export const tracker = defineDatabase({
  name: 'tracker',
  events: [Opened, Closed, Deleted, Noted],
  views: { issues, points },
})
export type Tracker = Database<typeof tracker>

/** A name that no other test has. */
export function drawName(): string {
  return `test-${crypto.randomUUID()}`
}

const opened: { close(): Promise<void> }[] = []

/** Opens a database that `closeAll` closes. In memory unless said otherwise. */
export async function open<Definition extends DatabaseDefinition>(
  definition: Definition,
  options: OpenOptions = {},
): Promise<Database<Definition>> {
  const db = await openDatabase(definition, { storage: 'memory', name: drawName(), ...options })
  opened.push(db)
  return db
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((db) => db.close()))
}

/** `count` issues as drafts, numbered from `from`. */
export function openings(count: number, from = 0): ReturnType<typeof Opened>[] {
  return Array.from({ length: count }, (_, at) =>
    Opened({ id: `i${from + at}`, title: `Issue ${from + at}`, points: (from + at) % 5 }),
  )
}

/** What `work` rejects with, as far as tests look at it. */
export async function refusalOf(work: PromiseLike<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  return undefined
}
