/**
 * Which indexed terms a word of a query stands for, and how much each counts: the term itself fully, longer terms that
 * begin with it and terms of near spelling less. Weights and the meaning of `fuzzy` are those of MiniSearch 7
 * (`executeQuerySpec`): a fraction of the word's length is rounded, edits are those of Levenshtein, at most six.
 */
import type { InvertedIndex } from './inverted-index.ts'
import type { Postings } from './postings.ts'

/** A word of a query. */
export interface QueryWord {
  readonly term: string
  readonly prefix: boolean
  /** Edit distance as a fraction of the word's length (below 1) or a count; 0 is off. */
  readonly fuzzy: number
}

/** An indexed term that a word stands for. */
export interface Expanded {
  readonly postings: Postings
  readonly weight: number
}

/** What a word stands for, by term. */
export type Expansion = ReadonlyMap<string, Expanded>

/** More edits than this match nearly anything. */
export const MAX_EDITS = 6
const PREFIX_WEIGHT = 0.375
const FUZZY_WEIGHT = 0.45

/** The indexed terms that `word` stands for. */
export function expandWord(index: InvertedIndex, word: QueryWord): Expansion {
  const found = new Map<string, Expanded>()
  const exact = index.terms.get(word.term)
  if (exact) found.set(word.term, { postings: exact, weight: 1 })
  if (word.prefix) addLonger(found, index, word.term)
  const edits = editsOf(word)
  if (edits > 0) addNear(found, index, word.term, edits)
  return found
}

/** How many edits a word allows. */
export function editsOf({ term, fuzzy }: QueryWord): number {
  return Math.min(MAX_EDITS, fuzzy < 1 ? Math.round(term.length * fuzzy) : fuzzy)
}

function addLonger(found: Map<string, Expanded>, index: InvertedIndex, prefix: string): void {
  for (const [term, postings] of index.tree.atPrefix(prefix)) {
    const further = term.length - prefix.length
    if (further === 0) continue
    found.set(term, { postings, weight: (PREFIX_WEIGHT * term.length) / (term.length + 0.3 * further) })
  }
}

function addNear(found: Map<string, Expanded>, index: InvertedIndex, word: string, edits: number): void {
  for (const [term, [postings, distance]] of index.tree.fuzzyGet(word, edits)) {
    if (distance === 0 || found.has(term)) continue
    found.set(term, { postings, weight: (FUZZY_WEIGHT * term.length) / (term.length + distance) })
  }
}
