// The open database as the compiler sees it: what its calls take and give, and what a live query's state tells.
import {
  type Database,
  type DatabaseStatus,
  defineDatabase,
  defineEvent,
  type ImportReport,
  openDatabase,
  type Query,
  type QueryState,
  type Receipt,
  table,
  type VerifyReport,
} from 'headwater'
import { documents } from 'headwater/documents'
import * as v from 'valibot'
import { type Answer, same } from './assert.ts'

const Counted = defineEvent('counted', { schema: v.number(), key: () => 'all' })
const sums = table<number>('sums').on(Counted, (row, { data }) => (row ?? 0) + data)
const counters = defineDatabase({ name: 'counters', events: [Counted], views: { total: sums } })
const db = await openDatabase(counters)

// A view is reached by its property, whatever its own name is.
same<keyof typeof db.views, 'total'>(true)
const total = db.views.total.get('all')
same<typeof total, Query<number | undefined>>(true)
same<Answer<typeof total>, number | undefined>(true)
same<Awaited<ReturnType<typeof db.append>>, Receipt>(true)
same<Awaited<ReturnType<typeof db.verify>>, VerifyReport>(true)
same<Awaited<ReturnType<typeof db.importEvents>>, ImportReport>(true)
same<ReturnType<typeof db.status.get>, DatabaseStatus>(true)

// A state says by its status whether there are data and an error.
function shown(state: QueryState<number>): number | string {
  switch (state.status) {
    case 'loading':
      return 'loading'
    case 'ready':
    case 'stale':
      return state.data
    case 'error':
      return state.error.hint
  }
}
shown({ status: 'ready', data: 1, error: undefined })

// Any database goes where one of any definition is wanted.
const anyDatabase: { readonly name: string; readonly close: Database['close'] } = db
void anyDatabase

// The past has the tables and aggregates, with the same faces, and neither search nor documents.
const at = await db.at(new Date(), { onProgress: ({ done, total }) => done / total })
same<keyof typeof at.views, 'total'>(true)
same<typeof at.views.total, typeof db.views.total>(true)
same<Answer<ReturnType<typeof at.views.total.get>>, number | undefined>(true)
same<Awaited<ReturnType<typeof db.at>>, typeof at>(true)
const noted = defineDatabase({ name: 'noted', events: [Counted], views: { sums, notes: documents('notes') } })
const notedAt = await (await openDatabase(noted)).at(at.offset)
same<keyof typeof notedAt.views, 'sums'>(true)

// @ts-expect-error: a moment is an offset or a date
await db.at('yesterday')

// @ts-expect-error: the past is not appended to
at.append

// @ts-expect-error: a state without an answer has no data
shown({ status: 'loading', data: 1, error: undefined })

// @ts-expect-error: the view's property is `total`, not its own name
db.views.sums

// @ts-expect-error: what is appended is a draft
await db.append(5)

// @ts-expect-error: durability is one of two words
await db.append(Counted(1), { durability: 'eventual' })

// @ts-expect-error: a receipt is whole
db.views.total.get('all', { atLeast: { offset: 1 } })

// @ts-expect-error: views are views
defineDatabase({ name: 'a', events: [Counted], views: { total: { kind: 'table' } } })

// @ts-expect-error: events are event types
defineDatabase({ name: 'a', events: ['counted'], views: {} })

// @ts-expect-error: a worker is made by a function
await openDatabase(counters, { worker: new Worker('worker.js') })
