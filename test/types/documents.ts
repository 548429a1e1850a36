// Documents: what infers from a definition, and what must not compile.

import { type Database, defineDatabase, defineEvent, type Receipt, table } from 'headwater'
import { document, documents, type OpenDocument } from 'headwater/documents'
import { search } from 'headwater/search'
import * as v from 'valibot'
import { same } from './assert.ts'

const Opened = defineEvent('opened', {
  schema: v.object({ id: v.string(), title: v.string(), points: v.number() }),
  key: (data) => data.id,
})
const issues = table<{ id: string; title: string; points: number }>('issues').on(
  Opened,
  (_row, { data }) => data,
)
const notes = documents('notes')
const found = search('found', issues, {
  fields: { title: 2, body: document(notes), title2: document(notes) },
})
// @ts-expect-error -- a number weighs a member of the row that holds text
search('wrong', issues, { fields: { points: 1 } })
// @ts-expect-error -- no member of that name
search('wrong', issues, { fields: { titel: 1 } })
// @ts-expect-error -- a table holds no documents
document(issues)

const pad = defineDatabase({ name: 'pad', events: [Opened], views: { issues, notes, found } })

export async function use(db: Database<typeof pad>): Promise<void> {
  const opened = await db.views.notes.open('1')
  const text = await db.views.notes.text('1', { root: 'body' })
  const keys = await db.views.notes.keys({ prefix: ['a'] })
  const receipt = await opened.flush()
  same<typeof opened, OpenDocument>(true)
  same<typeof text, string | undefined>(true)
  same<typeof keys, readonly string[]>(true)
  same<typeof receipt, Receipt | undefined>(true)
  // @ts-expect-error -- a document is opened by its id
  await db.views.notes.open(1)
  // @ts-expect-error -- documents are not folded rows
  await db.views.notes.get('1')
}
