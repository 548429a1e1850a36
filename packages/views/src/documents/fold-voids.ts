/**
 * Taking back what was voided: what an update brought cannot be taken out of a document, so each document that has merged one is
 * merged again from the events that are left. It is done at the group's position, before the batch that told of it, in one step
 * once those events are read; for a document of 20,000 updates that step takes some 0.4 s. Mostly the same updates come again at
 * once, with the commit that replaces theirs; where none does, no other replica has them, and this one must not (V3).
 */
import {
  type EventBatch,
  HeadwaterError,
  type Log,
  type Offset,
  ORIGIN,
  type StoredEvent,
} from '@headwater/log'
import { moveTo } from '../group/core.ts'
import type { FoldOutcome } from '../group/fold-run.ts'
import { isInLog } from '../in-log.ts'
import { prefixRange } from '../key.ts'
import { ROWS } from '../table/maps.ts'
import type { RowChange } from '../view.ts'
import { textToBytes } from './base64.ts'
import { documentsOf } from './cache.ts'
import type { Merging } from './changing.ts'
import { type LoadedDocument, loadDocument, mergeStored } from './loaded.ts'
import { DOCUMENT_ENTRIES, type DocumentRow, NO_ROW, readRow, TAKEN, UPDATES } from './stored.ts'
import {
  changeOf,
  type DocumentFold,
  mergeWatched,
  type ParsedEvent,
  parseEvent,
  writerAt,
} from './watched.ts'

/** A document as it is stored. */
interface Doomed {
  readonly id: string
  readonly row: DocumentRow | undefined
  readonly entries: readonly { readonly map: string; readonly key: string }[]
}

/**
 * Takes voided events out of the documents that had merged them; parked where the log cannot give what is left any more. Rejects
 * with what storage rejects with.
 */
export async function foldVoidedDocuments(
  fold: DocumentFold,
  voids: readonly StoredEvent[],
): Promise<FoldOutcome> {
  const { core, pace, watch } = fold
  const folded = voids.filter(({ offset, type }) => offset <= core.position && core.rules.types.has(type))
  const ids = new Set(folded.flatMap(parseEvent).map(({ content }) => content.id))
  if (ids.size === 0) return FOLDED
  const left = await readLeft(fold, ids)
  if (left instanceof HeadwaterError) return { type: 'parked', error: left, through: core.position }
  const doomed = await pace.away(
    core.state.read((reader) =>
      [...ids].map((id): Doomed => {
        const { from, to } = prefixRange([id])
        const entries: { map: string; key: string }[] = []
        for (const map of DOCUMENT_ENTRIES)
          reader.range(map, { gte: from, lte: to }, (key) => void entries.push({ map, key }))
        return { id, row: readRow(reader, id), entries }
      }),
    ),
  )
  watch?.begin(core.name, ORIGIN, core.position)
  const rows = doomed.flatMap((each) => mergeAnew(fold, each, left.get(each.id) ?? []))
  watch?.end()
  moveTo(core, core.position)
  core.installed({ position: core.position, rows, history: [], parts: [] })
  return FOLDED
}

const FOLDED: FoldOutcome = { type: 'folded' }

/** The events of these documents that still stand, up to the position; or why they cannot be read any more. */
async function readLeft(
  { core, pace }: DocumentFold,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly ParsedEvent[]> | HeadwaterError> {
  const left = new Map<string, ParsedEvent[]>()
  for (let after: Offset = ORIGIN; after < core.position; ) {
    const batch = await pace.away(readAfter(core.log, after, core.rules.types))
    if (batch instanceof HeadwaterError) return batch
    const { events, through } = batch
    for (const parsed of events.flatMap((event) => (event.fault ? [] : parseEvent(event)))) {
      const { id } = parsed.content
      if (!ids.has(id) || parsed.event.offset > core.position) continue
      const known = left.get(id)
      if (known) known.push(parsed)
      else left.set(id, [parsed])
    }
    after = through
    await (pace.rest() ?? undefined)
  }
  return left
}

/** The next events, or what lies in the way for good. What the log does not give for a moment only is asked for again later. */
async function readAfter(
  log: Log,
  after: Offset,
  types: ReadonlySet<string>,
): Promise<EventBatch | HeadwaterError> {
  try {
    const batch = await log.read(after, { types })
    if (batch.through > after) return batch
  } catch (error) {
    if (isInLog(error)) return error
    throw error
  }
  throw new HeadwaterError('STORAGE_LOST', `The log gives nothing behind offset ${after} right now.`, {
    hint: 'It is asked again by itself.',
    facts: { after },
  })
}

/** Erases a document and merges what is left, as one that had never heard of the rest would have. */
function mergeAnew(
  fold: DocumentFold,
  { id, row, entries }: Doomed,
  left: readonly ParsedEvent[],
): readonly RowChange[] {
  const { core } = fold
  const write = writerAt(core, core.position)
  for (const { map, key } of entries) write(map, key, undefined)
  write(ROWS, id, undefined)
  write(TAKEN, id, core.position)
  documentsOf(core).drop(id)
  const held: Uint8Array[] = []
  const noting: Merging['write'] = (map, key, value) => {
    if (map === UPDATES && typeof value === 'string') held.push(textToBytes(value))
    write(map, key, value)
  }
  let document: LoadedDocument = loadDocument(id, NOTHING_STORED)
  for (const parsed of left) {
    if (!mergeWatched(fold, document, parsed, noting)) document = { ...document, doc: mergeStored(id, held) }
  }
  if (document.row.version > 0) documentsOf(core).put(document)
  return changeOf(id, row ?? NO_ROW, document.row)
}

const NOTHING_STORED = { row: NO_ROW, base: [], updates: [], waiting: [], parts: [] }
