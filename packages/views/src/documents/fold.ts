/**
 * Folding events into documents: a commit at a time, in one step once its documents are in memory, so that what is read in
 * between is always whole commits. Merging commutes, so no event is ever late. An update that cannot be merged is
 * quarantined, and its document read again from what is stored, which is its last good state.
 */
import type { EventBatch, HeadwaterError, Offset, StoredEvent } from '@headwater/log'
import type { GroupCore } from '../group/core.ts'
import { type FoldOutcome, withPassed } from '../group/fold-run.ts'
import type { Pace } from '../group/pace.ts'
import type { FoldWatch } from '../group/watch.ts'
import { runEnd } from '../table/run.ts'
import type { RowChange } from '../view.ts'
import { documentsOf } from './cache.ts'
import type { Merging } from './changing.ts'
import { type DocumentEvent, parseDocumentEvent } from './event.ts'
import { type LoadedDocument, loadDocument } from './loaded.ts'
import { mergeEvent, quarantineEvent } from './merge-event.ts'
import { type DocumentRow, readDocument } from './stored.ts'

/** What is told and asked while documents are folded. */
export interface DocumentFold {
  readonly core: GroupCore
  readonly pace: Pace
  readonly watch: FoldWatch | undefined
}

/** Folds the events after the position. Rejects with what storage rejects with. */
export async function foldDocuments(
  fold: DocumentFold,
  { events, through, ...batch }: EventBatch,
): Promise<FoldOutcome> {
  const { core, pace, watch } = fold
  const before = core.position
  const last = events.at(-1)?.offset ?? through
  let from = 0
  while (from < events.length) {
    const event = events[from]!
    if (event.offset <= core.position || !core.rules.types.has(event.type)) from++
    else {
      const to = runEnd(events, from, 1)
      const commit = events.slice(from, to).filter(({ type }) => core.rules.types.has(type))
      const fault = commit.find((each) => each.fault)?.fault
      if (fault) return parkBefore(core, event.offset, fault)
      watch?.begin(core.name, event.offset, last)
      await foldCommit(fold, commit, to === events.length ? through : events[to - 1]!.offset)
      const rest = pace.rest()
      if (rest) {
        watch?.end()
        await rest
      }
      from = to
    }
  }
  watch?.end()
  core.passed = withPassed(core.passed, batch, before, through)
  if (through > core.position) moveTo(core, through, [])
  return { type: 'folded' }
}

function parkBefore(core: GroupCore, offset: Offset, error: HeadwaterError): FoldOutcome {
  const before = (offset - 1) as Offset
  if (before > core.position) core.position = before
  return { type: 'parked', error, through: offset }
}

interface Parsed {
  readonly event: StoredEvent
  readonly content: DocumentEvent
}

async function foldCommit(
  fold: DocumentFold,
  commit: readonly StoredEvent[],
  through: Offset,
): Promise<void> {
  const { core } = fold
  const parsed = commit.flatMap(parseEvent)
  const loaded = new Map<string, LoadedDocument>()
  for (const { content } of parsed) {
    if (!loaded.has(content.id)) loaded.set(content.id, await load(fold, content.id))
  }
  const before = new Map<string, DocumentRow>([...loaded].map(([id, { row }]) => [id, row]))
  for (const { event, content } of parsed) {
    if (mergeOrQuarantine(fold, loaded.get(content.id)!, event, content)) continue
    documentsOf(core).drop(content.id)
    loaded.set(content.id, await load(fold, content.id))
  }
  for (const document of loaded.values()) documentsOf(core).put(document)
  moveTo(
    core,
    through,
    [...loaded.values()].flatMap(({ id, row }) => changeOf(id, before.get(id)!, row)),
  )
}

function changeOf(key: string, before: DocumentRow, after: DocumentRow): readonly RowChange[] {
  if (before === after) return []
  return [{ key, before: before.version === 0 ? undefined : { ...before }, after: { ...after } }]
}

/** What breaks the grammar was refused where it was appended; of another's, nothing can be said but that it is nothing. */
function parseEvent(event: StoredEvent): readonly Parsed[] {
  const content = event.data instanceof Uint8Array ? parseDocumentEvent(event.data) : undefined
  return content ? [{ event, content }] : []
}

/** False when the document in memory is worthless now. */
function mergeOrQuarantine(
  { core, watch }: DocumentFold,
  document: LoadedDocument,
  event: StoredEvent,
  content: DocumentEvent,
): boolean {
  const merging: Merging = {
    document,
    event,
    write: (map, key, value) => {
      const bytes = ENTRY_BYTES + key.length + (typeof value === 'string' ? value.length : ROW_BYTES)
      core.state.write(map, key, value, event.offset, bytes)
    },
  }
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

const ENTRY_BYTES = 64
const ROW_BYTES = 256

async function load({ core, pace }: DocumentFold, id: string): Promise<LoadedDocument> {
  const known = documentsOf(core).get(id)
  if (known) return known
  return loadDocument(id, await pace.away(core.state.read((reader) => readDocument(reader, id))))
}

function moveTo(core: GroupCore, position: Offset, rows: readonly RowChange[]): void {
  core.position = position
  core.installed({ position, rows, history: [], parts: [] })
}
