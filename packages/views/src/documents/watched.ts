/**
 * Merging one event under the watchdog: an update that never ends is known by its offset at the next start, and quarantined.
 */
import type { Offset, StoredEvent } from '@headwater/log'
import type { GroupCore } from '../group/core.ts'
import type { Pace } from '../group/pace.ts'
import type { FoldWatch } from '../group/watch.ts'
import type { RowChange } from '../view.ts'
import type { Merging } from './changing.ts'
import { type DocumentEvent, parseDocumentEvent } from './event.ts'
import type { LoadedDocument } from './loaded.ts'
import { mergeEvent, quarantineEvent } from './merge-event.ts'
import type { DocumentRow } from './stored.ts'

/** What is told and asked while documents are folded. */
export interface DocumentFold {
  readonly core: GroupCore
  readonly pace: Pace
  readonly watch: FoldWatch | undefined
}

/** An event and what it says. */
export interface ParsedEvent {
  readonly event: StoredEvent
  readonly content: DocumentEvent
}

/** What breaks the grammar was refused where it was appended; of another's, nothing can be said but that it is nothing. */
export function parseEvent(event: StoredEvent): readonly ParsedEvent[] {
  const content = event.data instanceof Uint8Array ? parseDocumentEvent(event.data) : undefined
  return content ? [{ event, content }] : []
}

/** Writes a document's entries at an offset of the log. */
export function writerAt({ state }: GroupCore, at: Offset): Merging['write'] {
  return (map, key, value) => {
    const bytes = ENTRY_BYTES + key.length + (typeof value === 'string' ? value.length : ROW_BYTES)
    state.write(map, key, value, at, bytes)
  }
}

const ENTRY_BYTES = 64
const ROW_BYTES = 256

/** False when the document in memory is worthless now. */
export function mergeWatched(
  { core, watch }: DocumentFold,
  document: LoadedDocument,
  { event, content }: ParsedEvent,
  write: Merging['write'],
): boolean {
  const merging: Merging = { document, event, write }
  if (watch?.isBad(core.name, event.offset)) {
    quarantineEvent(merging, 'it never came to an end')
    return true
  }
  if (!watch?.isSuspect(core.name, event.offset)) return mergeEvent(merging, content)
  watch.beginAlone(core.name, event.offset)
  const isWhole = mergeEvent(merging, content)
  watch.end()
  return isWhole
}

/** What became of a document. */
export function changeOf(key: string, before: DocumentRow, after: DocumentRow): readonly RowChange[] {
  if (before === after) return []
  return [{ key, before: given(before), after: given(after) }]
}

function given(row: DocumentRow): RowChange['after'] {
  return row.version === 0 ? undefined : { ...row }
}
