/**
 * A document being changed by an event: the document in memory, and how what changes of it is written into the view's state.
 */
import type { Json, StoredEvent } from '@headwater/log'
import { ROWS } from '../table/maps.ts'
import type { LoadedDocument } from './loaded.ts'
import type { DocumentRow } from './stored.ts'

/** An event being merged. */
export interface Merging {
  readonly document: LoadedDocument
  readonly event: StoredEvent
  readonly write: (map: string, key: string, value: Json | undefined) => void
}

/** Writes the row with what changed in it. */
export function setRow({ document, event, write }: Merging, changed: Partial<DocumentRow>): void {
  document.row = { ...document.row, ...changed, version: event.offset }
  document.text = undefined
  write(ROWS, document.id, { ...document.row })
}
