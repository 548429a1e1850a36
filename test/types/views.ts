// The definitions of views as the compiler sees them: index tuples, groups and measures are inferred from the functions
// that make them, and what is wrong does not compile. Checked by `npm run check`; nothing here runs.

import { defineEvent } from '@headwater/log'
import {
  type AggregateDefinition,
  aggregate,
  average,
  count,
  countDistinct,
  day,
  max,
  min,
  quantile,
  sum,
  type TableDefinition,
  table,
} from '@headwater/views'
import * as v from 'valibot'
import { same } from './assert.ts'

const Opened = defineEvent('opened', {
  schema: v.object({ id: v.string(), points: v.number() }),
  key: (data) => data.id,
})
const Moved = defineEvent('moved', { schema: v.object({ from: v.string(), to: v.string() }) })

interface Issue {
  readonly id: string
  readonly points: number
  readonly status: 'open' | 'closed'
  readonly openedAt: number
  readonly assignee?: string
}

const issues = table<Issue>('issues')
  .on(Opened, (_row, { data, time }, key) => ({ ...data, id: key, status: 'open', openedAt: time }))
  .on(Moved, (row) => row, { key: ({ from, to }) => [from, to] })
  .index('byStatus', (row) => [row.status, row.openedAt])
  .index('byAssignee', (row) => (row.assignee === undefined ? undefined : [row.assignee]))
  .indexEach('byWord', (row) => row.id.split(' ').map((word) => [word, row.points] as const))

type IndexesOf<Table> = Table extends TableDefinition<string, Issue, infer Index> ? Index : never
same<IndexesOf<typeof issues>['byStatus'], readonly ['open' | 'closed', number]>(true)
same<IndexesOf<typeof issues>['byAssignee'], readonly [string]>(true)
same<IndexesOf<typeof issues>['byWord'], readonly [string, number]>(true)
same<NonNullable<(typeof issues)['Row']>, Issue>(true)

const numbers = aggregate('numbers', issues, {
  version: 2,
  groupBy: (row) => [row.status, day(row.openedAt)],
  measures: {
    issues: count(),
    points: sum((row) => row.points),
    mean: average((row) => row.points),
    first: min((row) => row.openedAt),
    last: max((row) => row.status),
    people: countDistinct((row) => row.assignee),
    median: quantile((row) => row.points, 0.5),
  },
})
type Parts<Definition> =
  Definition extends AggregateDefinition<infer Name, infer Group, infer Measures>
    ? [Name, Group, Measures]
    : never
same<Parts<typeof numbers>[0], 'numbers'>(true)
same<Parts<typeof numbers>[1], readonly ['open' | 'closed', string]>(true)
same<
  Parts<typeof numbers>[2],
  {
    readonly issues: number
    readonly points: number
    readonly mean: number | null
    readonly first: number | null
    readonly last: 'open' | 'closed' | null
    readonly people: number
    readonly median: number | null
  }
>(true)

const byStatus = aggregate('byStatus', issues, {
  groupBy: (row) => row.status,
  measures: { issues: count() },
})
same<Parts<typeof byStatus>[1], 'open' | 'closed'>(true)
const some = aggregate('some', issues, { groupBy: (row) => row.assignee, measures: { issues: count() } })
same<Parts<typeof some>[1], string>(true)

// What must not compile.

// @ts-expect-error: a table is declared with its row
table('a').index('byStatus', (row) => [row.status])

// @ts-expect-error: a row that is not what the table holds
table<Issue>('a').on(Opened, () => 'open')

// @ts-expect-error: the key of a row is text
table<Issue>('a').on(Moved, (row) => row, { key: () => 1 })

// @ts-expect-error: what is averaged is a number
aggregate('a', issues, { groupBy: (row) => row.status, measures: { a: average((row) => row.status) } })

// @ts-expect-error: the row has no such member
aggregate('a', issues, { groupBy: (row) => row.state, measures: { a: count() } })

// @ts-expect-error: a value to compare is no list
aggregate('a', issues, { groupBy: (row) => row.status, measures: { a: min((row) => [row.points]) } })

// @ts-expect-error: an aggregate is of a table
aggregate('a', numbers, { groupBy: () => 'all', measures: { a: count() } })
