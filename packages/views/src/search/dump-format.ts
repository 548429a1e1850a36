/**
 * How an index is stored: a manifest and parts of text, each at most 1 MiB. The grammar:
 *
 * ```
 * manifest  = digest ' ' body
 * body      = JSON of { format: 1, words, logId, generation, checkpoint, fields, documents, terms, bytes, parts }
 * parts     = [[kind, page id, digest of the part's text], …]   kinds: 'd' documents, 't' terms, 'p' postings
 * documents = JSON of [[key, …], [length, …]]                   lengths document by document, a number a field
 * terms     = term { '\n' term }
 * postings  = { packed ' ' }                                    `postings.ts`; the parts put together, one a term
 * ```
 *
 * Documents, terms and postings follow each other in the order of the parts. `words` is the version of the rules that cut
 * text into terms. Whatever breaks the grammar or a digest is refused: rows can be indexed again, a wrong answer cannot be
 * taken back.
 */
import type { LogId, Offset } from '@headwater/log'
import { digestText } from '../digest.ts'
import type { PageId } from '../state/base-store.ts'
import { WORDS_VERSION } from './lineage.ts'

/** The only format there is so far. */
export const DUMP_FORMAT = 1
/** Units of a part, at which it is written; at two bytes a unit half a MiB. */
export const PART_UNITS = 262_144

/** What a part holds. */
export type PartKind = 'd' | 't' | 'p'

/** A stored part. */
export interface DumpPart {
  readonly kind: PartKind
  readonly page: PageId
  readonly digest: string
}

/** What a manifest says. */
export interface DumpContent {
  readonly logId: LogId
  /** The generation of the table whose rows are indexed. */
  readonly generation: number
  /** Changes of rows up to here are in the dump. */
  readonly checkpoint: Offset
  readonly fields: readonly string[]
  readonly documents: number
  readonly terms: number
  /** Characters of all parts; older builds did not write it. */
  readonly bytes?: number
  readonly parts: readonly DumpPart[]
}

/** Stands where a dump was deleted: no manifest, since its digest is missing. */
export const NO_DUMP = ''

/** A manifest's text. */
export function encodeDump(content: DumpContent): string {
  const parts = content.parts.map(({ kind, page, digest }) => [kind, page, digest])
  const body = JSON.stringify({ ...content, format: DUMP_FORMAT, words: WORDS_VERSION, parts })
  return `${digestText(body)} ${body}`
}

/** The content of a manifest's text; nothing when it cannot be used by this build over these fields. */
export function parseDump(text: string, logId: LogId, fields: readonly string[]): DumpContent | undefined {
  const space = text.indexOf(' ')
  const body = text.slice(space + 1)
  if (text.slice(0, space) !== digestText(body)) return undefined
  // The digest vouches for the body being one that `encodeDump` wrote, in this format or another.
  const written = JSON.parse(body) as WrittenDump
  const isOurs = written.format === DUMP_FORMAT && written.words === WORDS_VERSION && written.logId === logId
  if (!isOurs || written.fields.join('\n') !== fields.join('\n')) return undefined
  const { format: _format, words: _words, ...content } = written
  return { ...content, parts: written.parts.map(([kind, page, digest]) => ({ kind, page, digest })) }
}

interface WrittenDump extends Omit<DumpContent, 'parts'> {
  readonly format: number
  readonly words: number
  readonly parts: readonly (readonly [PartKind, PageId, string])[]
}

/** A run of documents as the text of a part. */
export function encodeDocuments(keys: readonly string[], lengths: readonly number[]): string {
  return JSON.stringify([keys, lengths])
}

/** The documents of a part whose digest was right. */
export function parseDocuments(text: string): readonly [keys: readonly string[], lengths: readonly number[]] {
  return JSON.parse(text) as [string[], number[]]
}
