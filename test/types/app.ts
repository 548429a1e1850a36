// What an app's author writes, as the compiler sees it: every row, event and result is inferred from the model,
// and what is wrong does not compile. Checked twice by `npm run check`: against the sources and against what is
// published. Nothing here runs.

import {
  aggregate,
  count,
  type Database,
  defineDatabase,
  defineEvent,
  openDatabase,
  sum,
  table,
} from 'headwater'
import { search } from 'headwater/search'
import { serve } from 'headwater/worker'
import * as v from 'valibot'
import { type Answer, same } from './assert.ts'

const IssueOpened = defineEvent('issue.opened', {
  version: 2,
  schema: v.object({ id: v.string(), title: v.string(), body: v.string(), points: v.number() }),
  key: (data) => data.id,
  upcast: { 1: (old) => ({ ...old, points: 0 }) },
})
const IssueClosed = defineEvent('issue.closed', {
  schema: v.object({ id: v.string() }),
  key: (data) => data.id,
})

interface Issue {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly points: number
  readonly status: 'open' | 'closed'
  readonly openedAt: number
}

const issues = table<Issue>('issues', { version: 1 })
  .on(IssueOpened, (_row, { data, time }) => ({ ...data, status: 'open', openedAt: time }))
  .on(IssueClosed, (row) => row && { ...row, status: 'closed' })
  .index('byStatus', (row) => [row.status, row.openedAt])

const issueSearch = search('issueSearch', issues, { version: 1, fields: { title: 2, body: 1 } })
const openPoints = aggregate('openPoints', issues, {
  version: 1,
  groupBy: (row) => row.status,
  measures: { issues: count(), points: sum((row) => row.points) },
})

const tracker = defineDatabase({
  name: 'tracker',
  events: [IssueOpened, IssueClosed],
  views: { issues, issueSearch, openPoints },
})
serve(tracker)

const db = await openDatabase(tracker, {
  worker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
})
same<typeof db, Database<typeof tracker>>(true)

// What may be said.

const receipt = await db.append(IssueOpened({ id: '1', title: 'Crash', body: '…', points: 3 }))
await db.append([IssueClosed({ id: '1' }), IssueClosed({ id: '2' })], { durability: 'strict' })

const got = db.views.issues.get('1', { atLeast: receipt })
same<Answer<typeof got>, Issue | undefined>(true)

const range = db.views.issues.range('byStatus', { prefix: ['open'], limit: 50, reverse: true })
same<Answer<typeof range>, readonly Issue[]>(true)
db.views.issues.range('byStatus', { gte: ['open', 5], lt: ['open', 9] })
db.views.issues.range('key', { prefix: ['1'] })

const found = db.views.issueSearch.search('crsh', { fuzzy: 0.2, prefix: true, where: { status: 'open' } })
same<Answer<typeof found>['hits'][number]['row'], Issue>(true)

const points = (await db.views.openPoints.get('open'))?.points
same<typeof points, number | undefined>(true)
const groups = await db.views.openPoints.range()
same<(typeof groups)[number]['group'], 'open' | 'closed'>(true)

const state = range.state()
if (state.status === 'ready') same<typeof state.data, readonly Issue[]>(true)
if (state.status === 'loading') same<typeof state.data, undefined>(true)

// What must not compile.

// @ts-expect-error: the data lack members that the schema requires
IssueOpened({ id: '1' })

// @ts-expect-error: the data have a member of another type
IssueClosed({ id: 1 })

// @ts-expect-error: a key is text
defineEvent('a', { schema: v.object({ id: v.number() }), key: (data) => data.id })

// @ts-expect-error: the fold returns a row that lacks members
table<Issue>('a', { version: 1 }).on(IssueClosed, (_row, { data }) => ({ id: data.id }))

// @ts-expect-error: the event has no such member
table<Issue>('a', { version: 1 }).on(IssueClosed, (row, { data }) => row && { ...row, title: data.title })

// @ts-expect-error: the row has no such member
table<Issue>('a', { version: 1 }).index('byOwner', (row) => [row.owner])

// @ts-expect-error: a part of an index is no object
table<Issue>('a', { version: 1 }).index('byAll', (row) => [row])

// @ts-expect-error: the row has no such member to search in
search('a', issues, { version: 1, fields: { owner: 1 } })

// @ts-expect-error: what is summed is a number
aggregate('a', issues, { version: 1, groupBy: (row) => row.status, measures: { a: sum((row) => row.title) } })

// @ts-expect-error: a group is no object
aggregate('a', issues, { version: 1, groupBy: (row) => row, measures: { a: count() } })

// @ts-expect-error: there is no such index
db.views.issues.range('byOwner')

// @ts-expect-error: the second part of this index is a number
db.views.issues.range('byStatus', { prefix: ['open', 'x'] })

// @ts-expect-error: an index of two parts has no third
db.views.issues.range('byStatus', { gte: ['open', 1, 2] })

// @ts-expect-error: there is no such status
db.views.issueSearch.search('a', { where: { status: 'lost' } })

// @ts-expect-error: there is no such view
db.views.people

// @ts-expect-error: there is no such view to rebuild
await db.rebuild('people')

// @ts-expect-error: a receipt is not a number
db.views.issues.get('1', { atLeast: 5 })

const behind = db.views.openPoints.rows('open', { limit: 10 })
same<Answer<typeof behind>['entries'][number]['row'], Issue>(true)
// @ts-expect-error: there is no such group
db.views.openPoints.rows('lost')

const [touched] = await db.touched(1 as never)
same<NonNullable<typeof touched>['view'], string>(true)

// @ts-expect-error: a time is a number
await db.readLog({ since: '2026' })

await db.pause('issues')
// @ts-expect-error: there is no such view to pause
await db.pause('people')

const offset = (await db.readLog()).entries[0]?.offset
// @ts-expect-error: an offset is not any number
const plain: typeof offset = 5
void plain
