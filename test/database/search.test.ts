// Search through the whole database: hits with their rows, live as rows change, and gone when they are deleted.
import { defineDatabase } from 'headwater'
import { search } from 'headwater/search'
import { afterEach, expect, test } from 'vitest'
import { Closed, closeAll, Deleted, issues, Noted, Opened, open } from './world.ts'

afterEach(closeAll)

const issueSearch = search('issueSearch', issues, { fields: { title: 1 } })
const searched = defineDatabase({
  name: 'searched',
  events: [Opened, Closed, Deleted, Noted],
  views: { issues, issueSearch },
})

test('a search answers from the receipt on, and live as rows come, change and go (D1, D3)', async () => {
  const db = await open(searched)
  const live = db.views.issueSearch.search('crash')
  live.subscribe(() => undefined)
  const shown = (): readonly string[] | undefined =>
    live.state().data?.hits.map(({ row }) => `${row.id} ${row.status}`)
  const eventually = (expected: readonly string[]): Promise<unknown> => expect.poll(shown).toEqual(expected)
  await eventually([])
  const atLeast = await db.append(Opened({ id: 'a', title: 'Crash on start', points: 1 }))
  const found = await db.views.issueSearch.search('crash', { atLeast })
  expect(found.hits.map(({ key, terms }) => [key, terms])).toEqual([['a', ['crash']]])
  await eventually(['a open'])
  await db.append(Closed({ id: 'a' }))
  await eventually(['a closed'])
  await db.append(Deleted({ id: 'a' }))
  await eventually([])
})
