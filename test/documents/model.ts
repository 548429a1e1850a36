// A definition with documents, a table and a search over both, for pages and workers.

import { defineDatabase } from 'headwater'
import { documents } from 'headwater/documents'
import { Closed, Deleted, issues, Opened } from '../database/world.ts'

export const notes = documents('notes')
export const pad = defineDatabase({
  name: 'pad',
  events: [Opened, Closed, Deleted],
  views: { issues, notes },
})
