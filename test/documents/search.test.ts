// A search over a table and the documents of its rows, joined by the row's key.

import { defineDatabase } from 'headwater'
import { document, documents } from 'headwater/documents'
import { search } from 'headwater/search'
import { afterEach, describe, expect, test } from 'vitest'
import { Closed, closeAll, Deleted, issues, Opened, open } from '../database/world.ts'
import { until } from './pages.ts'

afterEach(closeAll)

const notes = documents('notes')
const found = search('found', issues, { fields: { title: 2, body: document(notes) } })
const joined = defineDatabase({
  name: 'joined',
  events: [Opened, Closed, Deleted],
  views: { issues, notes, found },
})

describe('a search with the text of documents', () => {
  test('finds rows by what is typed into their documents, and forgets what is deleted (V7)', async () => {
    const db = await open(joined)
    await db.append([
      Opened({ id: '1', title: 'Crash on start', points: 3 }),
      Opened({ id: '2', title: 'Slow list', points: 1 }),
    ])
    const one = await db.views.notes.open('1')
    one.doc.getText('body').insert(0, 'happens on zebra machines')
    const live = db.views.found.search('zebra')
    const stop = live.subscribe(() => undefined)
    await one.flush()
    await until(() => live.state().data?.hits.length === 1, 'a hit')
    const [hit] = live.state().data!.hits
    expect(hit).toMatchObject({ key: '1', terms: ['zebra'] })
    expect(hit?.row).toEqual({ id: '1', title: 'Crash on start', points: 3, status: 'open' })
    expect(hit?.snippets.body?.find(({ match }) => match)?.text).toBe('zebra')
    one.doc.getText('body').delete(0, 'happens on zebra'.length)
    await one.flush()
    await until(() => live.state().data?.hits.length === 0, 'no hit')
    expect(await db.verify('found')).toMatchObject({ equal: true })
    await db.append(Deleted({ id: '1' }))
    await until(async () => (await db.views.found.search('machines')).hits.length === 0, 'the row to be gone')
    stop()
  })

  test('a document without a row is not found until the row comes', async () => {
    const db = await open(joined)
    const early = await db.views.notes.open('9')
    early.doc.getText('body').insert(0, 'walrus')
    await early.flush()
    expect((await db.views.found.search('walrus')).hits).toEqual([])
    const receipt = await db.append(Opened({ id: '9', title: 'Late', points: 1 }))
    expect((await db.views.found.search('walrus', { atLeast: receipt })).hits[0]?.key).toBe('9')
  })

  test('of documents that are not among the views is refused when it is opened', async () => {
    const lacking = defineDatabase({
      name: 'lacking',
      events: [Opened, Closed, Deleted],
      views: { issues, found },
    })
    await expect(open(lacking)).rejects.toMatchObject({ code: 'DEFINITION_INVALID' })
  })
})
