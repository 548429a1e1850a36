/**
 * The full-text index in memory: documents, and for each term its postings. Terms lie in the radix tree of MiniSearch,
 * which finds prefixes and near spellings, and in a hash map, which makes indexing fast. Changes are immediate and exact:
 * a document that is replaced or removed counts no more from that moment on, though its postings stay until compaction.
 */
import SearchableMap from 'minisearch/SearchableMap'
import { createDocuments, type MutableDocuments } from './documents.ts'
import type { Postings } from './postings.ts'
import { visitTerms } from './words.ts'

/** An inverted index over the fields of rows. */
export interface InvertedIndex {
  readonly documents: MutableDocuments
  readonly terms: ReadonlyMap<string, Postings>
  readonly tree: SearchableMap<Postings>
  /** About what it takes in memory. */
  readonly bytes: number
  /** Indexes a row's texts, one a field, in place of what was indexed for the key before. */
  put(key: string, texts: readonly string[]): void
  /** Forgets a row; false when it is not indexed. */
  remove(key: string): boolean
  /** Adds a term whose postings are known, as a dump holds them. */
  addPacked(term: string, packed: string): void
  /** Puts other documents and, in the order of `terms`, other packed postings in place of all; terms without go. */
  replaceAll(documents: MutableDocuments, packed: readonly string[]): void
}

/** An empty index over so many fields. */
export function createInvertedIndex(fieldCount: number): InvertedIndex {
  return new TermIndex(fieldCount)
}

/** About what a term costs beside its characters and postings: a tree node, a map entry, an object. */
const TERM_BYTES = 320
const DOCUMENT_BYTES = 96
const NUMBER_BYTES = 8

class TermIndex implements InvertedIndex {
  documents: MutableDocuments
  readonly terms = new Map<string, Postings>()
  readonly tree = new SearchableMap<Postings>()
  #termBytes = 0
  #tailNumbers = 0

  constructor(fieldCount: number) {
    this.documents = createDocuments(fieldCount)
  }

  get bytes(): number {
    return this.#termBytes + this.#tailNumbers * NUMBER_BYTES + this.documents.keys.length * DOCUMENT_BYTES
  }

  put(key: string, texts: readonly string[]): void {
    const { fieldCount } = this.documents
    const document = this.documents.add(key, [])
    const lengths: number[] = []
    for (let field = 0; field < fieldCount; field++) {
      let different = 0
      visitTerms(texts[field] ?? '', (term) => {
        if (this.#count(term, document, field, fieldCount)) different++
      })
      lengths.push(different)
    }
    this.documents.setLengths(document, lengths)
  }

  remove(key: string): boolean {
    return this.documents.remove(key)
  }

  addPacked(term: string, packed: string): void {
    this.#addTerm(term, { packed, tail: undefined })
    this.#termBytes += packed.length
  }

  replaceAll(documents: MutableDocuments, packed: readonly string[]): void {
    let at = 0
    let bytes = 0
    for (const [term, postings] of this.terms) {
      postings.packed = packed[at++]!
      postings.tail = undefined
      if (postings.packed === '') this.#dropTerm(term)
      else bytes += postings.packed.length + TERM_BYTES + term.length
    }
    this.documents = documents
    this.#termBytes = bytes
    this.#tailNumbers = 0
  }

  /** Counts one more occurrence; true when it is the first of this term in this field of this document. */
  #count(term: string, document: number, field: number, fieldCount: number): boolean {
    const postings = this.terms.get(term) ?? this.#addTerm(term, { packed: '', tail: undefined })
    const { tail } = postings
    if (tail && tail[tail.length - 2] === document && tail[tail.length - 1]! % fieldCount === field) {
      tail[tail.length - 1]! += fieldCount
      return false
    }
    this.#tailNumbers += 2
    if (tail) tail.push(document, fieldCount + field)
    else postings.tail = [document, fieldCount + field]
    return true
  }

  #addTerm(term: string, postings: Postings): Postings {
    this.terms.set(term, postings)
    this.tree.set(term, postings)
    this.#termBytes += TERM_BYTES + term.length
    return postings
  }

  #dropTerm(term: string): void {
    this.terms.delete(term)
    this.tree.delete(term)
  }
}
