// Typing into documents, as an editor does it: a document is opened, changed here and there, and flushed, closed, or left open.

import type { DocumentsView } from 'headwater'
import { ROOT } from '../app/naive-documents.ts'
import type { Page } from '../page.ts'
import type { Replica, World } from '../world.ts'
import { isFull, keepPromise, WORDS } from './appending.ts'

const MOST_DOCUMENTS = 4

export function type(world: World, replica: Replica, page: Page): boolean {
  if (isFull(world)) return false
  const { chance, tell } = world
  const id = `t${chance.below(MOST_DOCUMENTS)}`
  const isFlushed = chance.oneIn(2)
  const isClosed = chance.oneIn(3)
  const strokes = Array.from({ length: 1 + chance.below(3) }, () => drawStroke(world))
  tell(`${page.place.name} types into ${id}${isFlushed ? ', flushed' : ''}${isClosed ? ', closed' : ''}`)
  page.act(`type into ${id}`, async (db) => {
    const notes = (db.views as Record<string, unknown>).notes as DocumentsView // the model has it
    const handle = await notes.open(id)
    const text = handle.doc.getText(ROOT)
    for (const stroke of strokes) stroke(text)
    if (isFlushed) await keepPromise(replica, [], handle.flush)
    if (isClosed) await handle.close()
  })
  return true
}

type Text = ReturnType<Awaited<ReturnType<DocumentsView['open']>>['doc']['getText']>

function drawStroke({ chance }: World): (text: Text) => void {
  const place = chance.next()
  const word = `${chance.pick(WORDS)} `
  const deleted = chance.below(8)
  const deletes = chance.oneIn(4)
  return (text) => {
    const at = Math.floor(place * (text.length + 1))
    if (deletes) text.delete(at, Math.min(deleted, text.length - at))
    else text.insert(at, word)
  }
}
