/**
 * What a view of documents answers: the text of a document, the ids of all, how one fares, and what has been merged into it
 * since an offset, which is how a page keeps an open document up to date. Each answer belongs to one position.
 */
import type { Json, Offset } from '@headwater/log'
import type { GroupCore } from '../group/core.ts'
import { invalidQuery, parseRange, textSpelling, toDependency, toKeyRange } from '../query-range.ts'
import { ROWS } from '../table/maps.ts'
import type { Answer, ViewRequest } from '../view.ts'
import { joinBytes, textToBytes } from './base64.ts'
import { documentsOf } from './cache.ts'
import { textOf } from './content.ts'
import { faultOfId } from './event.ts'
import { type LoadedDocument, loadDocument } from './loaded.ts'
import {
  type DocumentRow,
  readDocument,
  readRow,
  readTaken,
  readUpdatesAfter,
  type StoredDocument,
} from './stored.ts'

/** What `changes` answers. */
export interface DocumentChanges {
  /** Continue there. */
  readonly through: Offset
  /** Whether `updates` are all of the document, whatever was asked for. */
  readonly whole: boolean
  /** Where updates were taken out of it last; who asked with another one is given all that is left. */
  readonly taken: Offset
  /** Updates as Yjs makes them, to be applied in this order. */
  readonly updates: readonly Uint8Array[]
}

/** How a document fares. */
export interface DocumentFigures {
  /** Offset of the event that last changed anything of it. */
  readonly version: Offset
  /** Updates that wait for others, which have not come yet. */
  readonly waiting: number
  /** Parts of updates that are not complete. */
  readonly parts: number
  /** Updates that could not be merged and were passed over. */
  readonly quarantined: number
  /** Where updates were last taken out of it again, because their commits were voided; 0 when none ever were. */
  readonly taken: Offset
}

/** Answers a request. */
export function answerDocuments(core: GroupCore, { method, args }: ViewRequest): Answer | Promise<Answer> {
  switch (method) {
    case 'text':
      return answerText(core, idArgument(method, args), rootArgument(args[1]))
    case 'keys':
      return answerKeys(core, args[0])
    case 'figures':
      return answerFigures(core, idArgument(method, args))
    case 'changes':
      return answerChanges(
        core,
        idArgument(method, args),
        offsetArgument(args[1]),
        offsetArgument(args[2] ?? 0),
      )
    default:
      throw invalidQuery(
        `View "${core.name}" has no method "${method}".`,
        'It has text, keys, figures and changes.',
      )
  }
}

function answerKeys(core: GroupCore, options: Json | undefined): Answer | Promise<Answer> {
  const range = parseRange('keys', options, textSpelling)
  return core.state.read((reader): Answer => {
    const keys: string[] = []
    reader.range(ROWS, toKeyRange(range), (key) => keys.push(key) < range.limit)
    const cutAt = keys.length === range.limit ? keys.at(-1) : undefined
    return { value: keys, position: core.position, dependencies: [toDependency(ROWS, range, cutAt)] }
  })
}

function answerFigures(core: GroupCore, id: string): Answer | Promise<Answer> {
  return core.state.read((reader) =>
    answerOf(core, id, figuresOf(readRow(reader, id), readTaken(reader, id))),
  )
}

function figuresOf(row: DocumentRow | undefined, taken: Offset): DocumentFigures | undefined {
  if (row === undefined) return undefined
  const { version, waiting, parts, quarantined } = row
  return { version, waiting, parts, quarantined, taken }
}

function answerChanges(
  core: GroupCore,
  id: string,
  after: number,
  takenBefore: number,
): Answer | Promise<Answer> {
  return core.state.read((reader) => {
    const row = readRow(reader, id)
    const taken = readTaken(reader, id)
    const isWhole = taken !== takenBefore || (row !== undefined && after < row.kept)
    const stored = isWhole ? readDocument(reader, id) : undefined
    const updates = stored ? newerOf(stored) : readUpdatesAfter(reader, id, after).map(({ text }) => text)
    const state = stored && stored.base.length > 0 ? [joinBytes(stored.base.map(textToBytes))] : []
    const value: DocumentChanges = {
      through: core.position,
      whole: isWhole,
      taken,
      updates: [...state, ...updates.map(textToBytes)],
    }
    return answerOf(core, id, value)
  })
}

/** The updates that are not in the base. */
function newerOf({ row, updates }: StoredDocument): readonly string[] {
  return updates.slice(updates.length - row.updates).map(({ text }) => text)
}

function answerText(core: GroupCore, id: string, root: string | undefined): Answer | Promise<Answer> {
  const found = core.state.read((reader) => {
    const row = readRow(reader, id)
    if (row === undefined) return answerOf(core, id, undefined)
    const known = documentsOf(core).get(id)
    if (known?.row.version === row.version) return answerOf(core, id, textIn(known, root))
    return { position: core.position, stored: readDocument(reader, id) }
  })
  return found instanceof Promise
    ? found.then((each) => withText(core, id, root, each))
    : withText(core, id, root, found)
}

function withText(
  core: GroupCore,
  id: string,
  root: string | undefined,
  found: Answer | { readonly position: Offset; readonly stored: StoredDocument },
): Answer {
  if (!('stored' in found)) return found
  const loaded = loadDocument(id, found.stored)
  const isCurrent = core.position === found.position && documentsOf(core).get(id) === undefined
  if (isCurrent) documentsOf(core).put(loaded)
  return { ...answerOf(core, id, textIn(loaded, root)), position: found.position }
}

function textIn(document: LoadedDocument, root: string | undefined): string {
  if (root !== undefined) return textOf(document.doc, root)
  document.text ??= textOf(document.doc)
  return document.text
}

function answerOf(core: GroupCore, id: string, value: unknown): Answer {
  return { value, position: core.position, dependencies: [{ map: ROWS, from: id, to: id }] }
}

function idArgument(method: string, [id]: readonly Json[]): string {
  const fault = faultOfId(id)
  if (fault === undefined && typeof id === 'string') return id
  throw invalidQuery(
    `${method} was given an id of a document that is none: ${fault}.`,
    'Ids are short texts.',
  )
}

function rootArgument(options: Json | undefined): string | undefined {
  if (options === undefined) return undefined
  const isRecord = typeof options === 'object' && options !== null && !Array.isArray(options)
  const root = isRecord && 'root' in options ? options.root : undefined
  if (isRecord && (root === undefined || typeof root === 'string')) return root
  throw invalidQuery(`text was given ${JSON.stringify(options)}.`, 'It takes { root } with a name.')
}

function offsetArgument(offset: Json | undefined): number {
  if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= -1) return offset
  throw invalidQuery(
    `changes was given ${JSON.stringify(offset ?? null)} as offset.`,
    'Offsets are whole numbers.',
  )
}
