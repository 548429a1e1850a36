/**
 * Which documents match a query and how well: BM25+ (Lv and Zhai, "Lower-Bounding Term Frequency Normalization", CIKM
 * 2011) with the constants and the combination rules of MiniSearch 7, so that scores are comparable with its. Unlike
 * there, a score depends on the living documents alone: counts leave out dead documents, averages come from exact sums,
 * and contributions are added as whole multiples of 2^-30, so that no order of adding shows. The same rows give the same
 * scores on every replica, whatever happened before (V3).
 */
import type { Documents } from './documents.ts'
import type { Expansion } from './expansion.ts'
import { createPairBuffer, type PairBuffer, readPostings } from './postings.ts'

/** The documents that match. */
export interface Scored {
  /** Matching documents, in no order. */
  readonly matches: readonly number[]
  /** By document number. */
  readonly scores: Float64Array
}

/** How the words of a query are put together. */
export interface Scoring {
  /** What each field counts; 0 leaves it out. */
  readonly weights: readonly number[]
  readonly combine: 'AND' | 'OR'
}

/** A query has at most this many words: one bit each. */
export const MAX_QUERY_WORDS = 32

/** Scores the documents that match; `words` and `expansions` go in pairs. */
export function scoreDocuments(
  documents: Documents,
  words: readonly string[],
  expansions: readonly Expansion[],
  { weights, combine }: Scoring,
): Scored {
  const sheet = createSheet(documents, weights)
  const bits = bitsOf(words)
  expansions.forEach((expansion, word) => {
    sheet.beginWord(word, bits[word]!)
    for (const { postings, weight } of expansion.values()) {
      readPostings(postings, sheet.buffer)
      sheet.addTerm(weight)
    }
  })
  return sheet.finish(combine === 'AND' ? words.length : 1)
}

/** One bit for each different word. */
function bitsOf(words: readonly string[]): readonly number[] {
  const seen = [...new Set(words)]
  return words.map((word) => 1 << seen.indexOf(word))
}

function createSheet(documents: Documents, weights: readonly number[]): ScoreSheet {
  return new ScoreSheet(documents, weights)
}

const K = 1.2
const B = 0.7
const D = 0.5
/** Scores are added in whole units of this, exactly, up to 2^53 units. */
const UNITS = 2 ** 30

/** What each document has gathered so far. */
class ScoreSheet {
  readonly buffer: PairBuffer = createPairBuffer()
  readonly #documents: Documents
  readonly #weights: readonly number[]
  readonly #averages: readonly number[]
  readonly #touched: number[] = []
  readonly #scores: Float64Array
  /** Different words matched, as bits. */
  readonly #words: Int32Array
  /** Words matched, repeated ones counted, and the last of them plus one. */
  readonly #counts: Uint8Array
  readonly #lastWord: Uint8Array
  #word = 0
  #bit = 0

  constructor(documents: Documents, weights: readonly number[]) {
    const size = documents.keys.length
    this.#documents = documents
    this.#weights = weights
    this.#averages = documents.totals.map((total) => total / documents.living)
    this.#scores = new Float64Array(size)
    this.#words = new Int32Array(size)
    this.#counts = new Uint8Array(size)
    this.#lastWord = new Uint8Array(size)
  }

  beginWord(word: number, bit: number): void {
    this.#word = word + 1
    this.#bit = bit
  }

  /** Adds the term whose postings are in the buffer. */
  addTerm(weight: number): void {
    const { alive, fieldCount, lengths, living } = this.#documents
    const { pairs, length } = this.buffer
    const rarity = this.#countByField(pairs, length).map((count) =>
      Math.log(1 + (living - count + 0.5) / (count + 0.5)),
    )
    for (let i = 0; i < length; i += 2) {
      const document = pairs[i]!
      if (alive[document] === 0) continue
      const code = pairs[i + 1]!
      const field = code % fieldCount
      const fieldWeight = this.#weights[field]!
      if (fieldWeight === 0) continue
      const frequency = (code - field) / fieldCount
      const relative = lengths[document * fieldCount + field]! / this.#averages[field]!
      const saturated = D + (frequency * (K + 1)) / (frequency + K * (1 - B + B * relative))
      this.#add(document, Math.round(weight * fieldWeight * rarity[field]! * saturated * UNITS))
    }
  }

  /** The documents that matched so many words; the score grows with the number of different words matched. */
  finish(wordsNeeded: number): Scored {
    const matches: number[] = []
    for (const document of this.#touched) {
      if (this.#counts[document]! < wordsNeeded) continue
      this.#scores[document]! *= countBits(this.#words[document]!) / UNITS
      matches.push(document)
    }
    return { matches, scores: this.#scores }
  }

  #countByField(pairs: Int32Array, length: number): number[] {
    const { alive, fieldCount } = this.#documents
    const counts = Array.from({ length: fieldCount }, () => 0)
    for (let i = 0; i < length; i += 2) counts[pairs[i + 1]! % fieldCount]! += alive[pairs[i]!]!
    return counts
  }

  #add(document: number, units: number): void {
    this.#scores[document]! += units
    if (this.#lastWord[document] === this.#word) return
    if (this.#lastWord[document] === 0) this.#touched.push(document)
    this.#lastWord[document] = this.#word
    this.#words[document]! |= this.#bit
    this.#counts[document]!++
  }
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
