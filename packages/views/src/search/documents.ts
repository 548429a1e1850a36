/**
 * The documents of an index: rows by number, in the order in which they were indexed. A row that is indexed again or is
 * gone leaves a dead number behind, which readers pass over, until compaction numbers the living anew. Counts and field
 * lengths are whole numbers kept exactly, never running averages: so scores do not depend on the order of arrival (V3).
 */
import { assert } from '@headwater/log'

/** What all documents of an index have in common; scores are computed from these. */
export interface Documents {
  readonly fieldCount: number
  /** Row keys by document number; those of the dead remain. */
  readonly keys: readonly string[]
  /** 1 where the document lives, 0 where it is dead. */
  readonly alive: readonly number[]
  /** Different terms by field: document × fieldCount + field. */
  readonly lengths: readonly number[]
  /** Sum of the living documents' lengths by field. */
  readonly totals: readonly number[]
  readonly living: number
  numberOf(key: string): number | undefined
}

/** Documents that can be added and taken away. */
export interface MutableDocuments extends Documents {
  /** Gives the next number to `key`, whose former number, if any, dies. */
  add(key: string, lengths: readonly number[]): number
  /** Sets the lengths of the newest document. */
  setLengths(document: number, lengths: readonly number[]): void
  /** Lets the key's document die; false when there is none. */
  remove(key: string): boolean
}

/** No documents, with room for as many as come. */
export function createDocuments(fieldCount: number): MutableDocuments {
  return new DocumentList(fieldCount)
}

const ALIVE = 1
const DEAD = 0

class DocumentList implements MutableDocuments {
  readonly fieldCount: number
  readonly keys: string[] = []
  readonly alive: number[] = []
  readonly lengths: number[] = []
  readonly totals: number[]
  readonly #numbers = new Map<string, number>()

  constructor(fieldCount: number) {
    this.fieldCount = fieldCount
    this.totals = Array.from({ length: fieldCount }, () => 0)
  }

  get living(): number {
    return this.#numbers.size
  }

  numberOf(key: string): number | undefined {
    return this.#numbers.get(key)
  }

  add(key: string, lengths: readonly number[]): number {
    this.remove(key)
    const document = this.keys.length
    this.keys.push(key)
    this.alive.push(ALIVE)
    this.#numbers.set(key, document)
    for (let field = 0; field < this.fieldCount; field++) this.lengths.push(0)
    this.setLengths(document, lengths)
    return document
  }

  setLengths(document: number, lengths: readonly number[]): void {
    assert(this.alive[document] === ALIVE, 'lengths belong to a living document')
    for (let field = 0; field < this.fieldCount; field++) {
      const at = document * this.fieldCount + field
      const length = lengths[field] ?? 0
      this.totals[field]! += length - this.lengths[at]!
      this.lengths[at] = length
    }
  }

  remove(key: string): boolean {
    const document = this.#numbers.get(key)
    if (document === undefined) return false
    this.setLengths(document, [])
    this.alive[document] = DEAD
    this.#numbers.delete(key)
    return true
  }
}
