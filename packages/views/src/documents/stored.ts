/**
 * How documents are stored in their view's state, by map:
 *
 * ```
 * rows         id → DocumentRow
 * bases        (id, base, piece) → base64     the document up to the offset `base` as one update, cut into pieces
 * updates      (id, offset, nth) → base64     updates that came since, and some that the base holds already
 * waiting      (id, offset, 0) → base64       updates that wait for others
 * parts        (id, whole, part) → base64     parts of updates that are not complete
 * quarantined  (id, offset) → why             updates that could not be merged
 * taken        id → offset                    where voided updates were taken back last
 * ```
 *
 * So a checkpoint writes what is new, and pieces of a base only when it was merged anew. All of it but the bases' very bytes
 * is a function of the log up to the position: tabs that adopt each other's bases depend on that.
 */
import { assert, type Json, type Offset } from '@headwater/log'
import { encodeKey, prefixRange } from '../key.ts'
import type { StateReader } from '../state/paged-state.ts'
import { ROWS } from '../table/maps.ts'

export const BASES = 'bases'
export const UPDATES = 'updates'
export const WAITING = 'waiting'
export const PARTS = 'parts'
export const QUARANTINED = 'quarantined'
export const TAKEN = 'taken'
/** The maps with several entries of a document. */
export const DOCUMENT_ENTRIES: readonly string[] = [BASES, UPDATES, WAITING, PARTS, QUARANTINED]
/** Every map of a view of documents. */
export const DOCUMENT_MAPS: readonly string[] = [ROWS, ...DOCUMENT_ENTRIES, TAKEN]

/** What is known of a document without reading it. */
export interface DocumentRow {
  /** Offset of the event that last changed anything of it. */
  readonly version: Offset
  /** Up to where the base holds it; 0 where there is none. */
  readonly base: Offset
  readonly pieces: number
  /** Every update beyond this offset is held by itself. */
  readonly kept: Offset
  /** Updates, and their bytes, beyond the base. */
  readonly updates: number
  readonly bytes: number
  /** What it held when the base was made, in characters. */
  readonly weight: number
  readonly waiting: number
  readonly quarantined: number
  /** Parts of updates that are not complete. */
  readonly parts: number
}

/** A document of which nothing is stored. */
export const NO_ROW: DocumentRow = {
  version: 0 as Offset,
  base: 0 as Offset,
  pieces: 0,
  kept: 0 as Offset,
  updates: 0,
  bytes: 0,
  weight: 0,
  waiting: 0,
  quarantined: 0,
  parts: 0,
}

/** An entry as it is stored. */
export interface StoredText {
  readonly key: string
  readonly text: string
}

/** Everything that is stored of a document. */
export interface StoredDocument {
  readonly row: DocumentRow
  readonly base: readonly string[]
  readonly updates: readonly StoredText[]
  readonly waiting: readonly StoredText[]
  readonly parts: readonly StoredText[]
}

/** Pieces of a base, as text: some go into a page. */
export const PIECE_BYTES = 24_576

/** The row of a document; nothing where there is none. */
export function readRow(reader: StateReader, id: string): DocumentRow | undefined {
  return asRow(reader.get(ROWS, id))
}

/** Where voided updates were taken out of a document last; 0 where none ever were. */
export function readTaken(reader: StateReader, id: string): Offset {
  const taken: unknown = reader.get(TAKEN, id) ?? 0
  return taken as Offset // as `foldVoidedDocuments` has written it
}

/** A stored row, which this view has written. */
export function asRow(row: Json | undefined): DocumentRow | undefined {
  const known: unknown = row
  return known as DocumentRow | undefined
}

/** Everything of a document. */
export function readDocument(reader: StateReader, id: string): StoredDocument {
  const row = readRow(reader, id) ?? NO_ROW
  const base: string[] = []
  if (row.pieces > 0) {
    const { from, to } = prefixRange([id, row.base])
    reader.range(BASES, { gte: from, lte: to }, (_key, text) => base.push(asText(text)) < row.pieces)
  }
  return {
    row,
    base,
    updates: readTexts(reader, UPDATES, id),
    waiting: row.waiting > 0 ? readTexts(reader, WAITING, id) : [],
    parts: row.parts > 0 ? readTexts(reader, PARTS, id) : [],
  }
}

/** The entries of a document in a map, in order. */
export function readTexts(reader: StateReader, map: string, id: string): readonly StoredText[] {
  const { from, to } = prefixRange([id])
  const texts: StoredText[] = []
  reader.range(map, { gte: from, lte: to }, (key, text) => {
    texts.push({ key, text: asText(text) })
  })
  return texts
}

/** Updates beyond an offset that is not below the row's `kept`. */
export function readUpdatesAfter(reader: StateReader, id: string, after: number): readonly StoredText[] {
  const { to } = prefixRange([id])
  const texts: StoredText[] = []
  reader.range(UPDATES, { gt: prefixRange([id, after]).to, lte: to }, (key, text) => {
    texts.push({ key, text: asText(text) })
  })
  return texts
}

/** A stored text, which this view has written. */
function asText(value: Json): string {
  assert(typeof value === 'string', 'documents are stored as text')
  return value
}

/** The key of the nth update that an event brought. */
export function updateKey(id: string, offset: Offset, nth: number): string {
  return encodeKey([id, offset, nth])
}
