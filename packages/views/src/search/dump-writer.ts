/**
 * Writes a compacted index as the parts of a dump, in slices, a part at a time: each transaction holds one part, so that
 * readers in other tabs never wait long, and memory holds little more than what is being written.
 */
import { assert } from '@headwater/log'
import { digestText } from '../digest.ts'
import type { BaseStore } from '../state/base-store.ts'
import type { Slices } from '../state/slice.ts'
import { type DumpPart, encodeDocuments, PART_UNITS, type PartKind } from './dump-format.ts'
import type { InvertedIndex } from './inverted-index.ts'
import type { Postings } from './postings.ts'

/** What a part of documents holds at most. */
const DOCUMENTS_IN_PART = 4_096

/** The parts of a dump. */
export interface WrittenParts {
  readonly parts: readonly DumpPart[]
  /** Characters of all of them. */
  readonly bytes: number
}

/** Where parts go while a dump is written. */
interface PartSink {
  written(): WrittenParts
  put(kind: PartKind, text: string): Promise<void>
}

/** Writes the parts of a compacted index and names them. */
export async function writeParts(
  store: BaseStore,
  { documents, terms }: InvertedIndex,
  slices: Slices,
  mustGoOn: () => void,
): Promise<WrittenParts> {
  const sink = createSink(store, slices, mustGoOn)
  await writeDocuments(sink, documents.keys, documents.lengths, documents.fieldCount)
  await writeRuns(sink, 't', terms.keys(), '\n')
  await writeRuns(sink, 'p', listsOf(terms.values()), '')
  return sink.written()
}

function* listsOf(all: Iterable<Postings>): Iterable<string> {
  for (const { packed, tail } of all) {
    assert(packed !== '' && tail === undefined, 'what is dumped is compact')
    yield `${packed} `
  }
}

function createSink(store: BaseStore, slices: Slices, mustGoOn: () => void): PartSink {
  const parts: DumpPart[] = []
  let bytes = 0
  return {
    written: () => ({ parts, bytes }),
    async put(kind, text) {
      mustGoOn()
      const [page] = await store.putPages([text])
      bytes += text.length
      parts.push({ kind, page: page!, digest: digestText(text) })
      const rest = slices.rest()
      if (rest) await rest
    },
  }
}

async function writeDocuments(
  sink: PartSink,
  keys: readonly string[],
  lengths: readonly number[],
  fieldCount: number,
): Promise<void> {
  for (let from = 0, to = 0; from < keys.length; from = to) {
    let units = 0
    while (to < keys.length && to - from < DOCUMENTS_IN_PART && units < PART_UNITS)
      units += keys[to++]!.length
    await sink.put(
      'd',
      encodeDocuments(keys.slice(from, to), lengths.slice(from * fieldCount, to * fieldCount)),
    )
  }
}

/** Writes texts as parts with `separator` between them. A list of postings longer than a part goes on in the next. */
async function writeRuns(
  sink: PartSink,
  kind: PartKind,
  texts: Iterable<string>,
  separator: string,
): Promise<void> {
  let run: string[] = []
  let units = 0
  for (const text of texts) {
    run.push(text)
    units += text.length
    if (units < PART_UNITS) continue
    await writeRun(sink, kind, run.join(separator))
    run = []
    units = 0
  }
  if (run.length > 0) await writeRun(sink, kind, run.join(separator))
}

async function writeRun(sink: PartSink, kind: PartKind, text: string): Promise<void> {
  if (kind !== 'p') return sink.put(kind, text)
  for (let at = 0; at < text.length; at += PART_UNITS) await sink.put(kind, text.slice(at, at + PART_UNITS))
}
