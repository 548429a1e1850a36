/**
 * Reads a dump back into an index, in slices, while the next parts are already being fetched. Postings stay packed as they
 * were stored. A part that is gone or fails its digest, or counts that do not come out, make the dump worthless: the
 * reader then says so, and never hands out half an index.
 */
import { digestText } from '../digest.ts'
import type { BaseStore } from '../state/base-store.ts'
import type { Slices } from '../state/slice.ts'
import { type DumpContent, type DumpPart, parseDocuments } from './dump-format.ts'
import { createInvertedIndex, type InvertedIndex } from './inverted-index.ts'

/** Parts fetched in one go. */
const PARTS_AT_ONCE = 4
/** Terms or documents taken between two looks at the slice. */
const ITEMS_AT_ONCE = 256

/** The index of a dump, or nothing when the dump is damaged. `onRead` is told the share read so far, 0 to 1. */
export async function readDump(
  store: BaseStore,
  content: DumpContent,
  slices: Slices,
  onRead: (share: number) => void,
): Promise<InvertedIndex | undefined> {
  const index = createInvertedIndex(content.fields.length)
  const intake = createIntake(index)
  let read = 0
  for await (const [part, text] of fetchParts(store, content.parts)) {
    if (text === undefined || digestText(text) !== part.digest) return undefined
    for (const step of intake.take(part.kind, text)) {
      const rest = step % ITEMS_AT_ONCE === 0 ? slices.rest() : undefined
      if (rest) await rest
    }
    onRead(++read / content.parts.length)
    const rest = slices.rest()
    if (rest) await rest
  }
  const isWhole =
    intake.isAtEnd && index.documents.living === content.documents && index.terms.size === content.terms
  return isWhole ? index : undefined
}

/** The parts in order with their texts, fetched one group ahead. */
async function* fetchParts(
  store: BaseStore,
  parts: readonly DumpPart[],
): AsyncIterable<readonly [part: DumpPart, text: string | undefined]> {
  const fetchFrom = (at: number): Promise<readonly (string | undefined)[]> =>
    store.getPages(parts.slice(at, at + PARTS_AT_ONCE).map(({ page }) => page))
  let ahead = fetchFrom(0)
  for (let at = 0; at < parts.length; at += PARTS_AT_ONCE) {
    const texts = await ahead
    ahead = fetchFrom(at + PARTS_AT_ONCE)
    // Whoever stops early leaves this read unwatched; its failure concerns nobody then.
    ahead.catch(() => undefined)
    for (let i = 0; i < PARTS_AT_ONCE && at + i < parts.length; i++) yield [parts[at + i]!, texts[i]]
  }
}

/** Puts the contents of parts into an index. */
interface Intake {
  /** Takes a part in; yields after each item, so that the caller may rest. */
  take(kind: DumpPart['kind'], text: string): Iterable<number>
  /** Every term has its postings. */
  readonly isAtEnd: boolean
}

function createIntake(index: InvertedIndex): Intake {
  const terms: string[] = []
  let next = 0
  let carried = ''
  return {
    get isAtEnd() {
      return next === terms.length && carried === ''
    },
    take(kind, text) {
      switch (kind) {
        case 'd':
          return takeDocuments(index, text)
        case 't':
          for (const term of text.split('\n')) terms.push(term)
          return []
        case 'p':
          return takePostings(text)
      }
    },
  }

  function* takePostings(text: string): Iterable<number> {
    const lists = text.split(' ')
    lists[0] = carried + lists[0]!
    carried = lists.pop() ?? ''
    for (const list of lists) {
      const term = terms[next++]
      if (term !== undefined) index.addPacked(term, list)
      yield next
    }
  }
}

function* takeDocuments(index: InvertedIndex, text: string): Iterable<number> {
  const [keys, lengths] = parseDocuments(text)
  const { documents } = index
  for (let i = 0; i < keys.length; i++) {
    const at = i * documents.fieldCount
    documents.add(keys[i]!, lengths.slice(at, at + documents.fieldCount))
    yield i
  }
}
