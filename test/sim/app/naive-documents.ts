// The naive twin of the documents: all updates that lie in the log, merged into one plain document each.

import * as Y from 'yjs'
import { type DocumentEvent, parseDocumentEvent } from '../../../packages/views/src/documents/event.ts'
import { NOTES_EVENT } from './model.ts'
import type { LoggedEvent } from './naive.ts'

/** The root type that people type into. */
export const ROOT = 'text'

/** The ids of the documents in these events, in key order. */
export function documentIds(events: readonly LoggedEvent[]): readonly string[] {
  return [...new Set(updatesIn(events).map(({ id }) => id))].sort()
}

/** Their texts by id, in key order; nothing while an update waits for another that is not there. */
export function naiveTexts(events: readonly LoggedEvent[]): ReadonlyMap<string, string> | undefined {
  const docs = new Map(documentIds(events).map((id) => [id, new Y.Doc()]))
  for (const { id, bytes } of updatesIn(events)) Y.applyUpdate(docs.get(id)!, bytes)
  const all = [...docs]
  if (all.some(([, { store }]) => store.pendingStructs || store.pendingDs)) return undefined
  return new Map(all.map(([id, doc]) => [id, doc.getText(ROOT).toJSON()]))
}

function updatesIn(events: readonly LoggedEvent[]): readonly DocumentEvent[] {
  return events
    .filter(({ type }) => type === NOTES_EVENT)
    .map(({ data }) => {
      const update = data.body instanceof Uint8Array ? parseDocumentEvent(data.body) : undefined
      if (update?.parts === 1) return update
      throw new Error('an event of the documents is no whole update')
    })
}
