/**
 * Completions of what is being typed: the last word is completed to indexed terms, the words before it stand for their
 * closest terms, and only documents that hold all of them count. The more documents hold a completion, and the closer it
 * is to what was typed, the better; equal ones are ordered by their text. Suggestions are spelled as terms are indexed.
 */
import type { Documents } from './documents.ts'
import { type Expansion, expandWord } from './expansion.ts'
import type { InvertedIndex } from './inverted-index.ts'
import { createPairBuffer, type PairBuffer, readPostings } from './postings.ts'
import type { SuggestQuery } from './query.ts'
import { createRanking } from './ranking.ts'

/** One completion. */
export interface Suggestion {
  readonly suggestion: string
  readonly score: number
}

/** The best completions, at most as many as asked for. */
export function suggest(index: InvertedIndex, { words, limit }: SuggestQuery): readonly Suggestion[] {
  const expansions = words.map((word) => expandWord(index, word))
  const last = expansions.pop()
  if (last === undefined) return []
  const beginnings = beginningsOf(index.documents, expansions)
  const scores = new Map<string, number>()
  const buffer = createPairBuffer()
  for (const [term, { postings, weight }] of last) {
    readPostings(postings, buffer)
    eachDocument(index.documents, buffer, (document) => {
      const beginning = beginnings === undefined ? '' : beginnings[document]
      if (beginning !== undefined) scores.set(beginning + term, (scores.get(beginning + term) ?? 0) + weight)
    })
  }
  return best(scores, limit)
}

/** By document, the terms closest to the words before the last, each with a space behind; nothing where one is missing. */
function beginningsOf(
  documents: Documents,
  expansions: readonly Expansion[],
): readonly (string | undefined)[] | undefined {
  let beginnings: (string | undefined)[] | undefined
  for (const expansion of expansions) {
    const closest = closestTerms(documents, expansion)
    const before = beginnings
    beginnings = closest.map((term, document) => {
      const beginning = before === undefined ? '' : before[document]
      return term === undefined || beginning === undefined ? undefined : `${beginning}${term} `
    })
  }
  return beginnings
}

/** By document, the heaviest term of an expansion that it holds; of equally heavy ones the first by text. */
function closestTerms(documents: Documents, expansion: Expansion): readonly (string | undefined)[] {
  const closest = documents.keys.map((): string | undefined => undefined)
  const buffer = createPairBuffer()
  const heaviestLast = [...expansion].sort(
    ([leftTerm, left], [rightTerm, right]) => left.weight - right.weight || (leftTerm < rightTerm ? 1 : -1),
  )
  for (const [term, { postings }] of heaviestLast) {
    readPostings(postings, buffer)
    eachDocument(documents, buffer, (document) => {
      closest[document] = term
    })
  }
  return closest
}

/** Visits each living document of the postings once. */
function eachDocument(
  { alive }: Documents,
  { pairs, length }: PairBuffer,
  visit: (document: number) => void,
): void {
  for (let i = 0; i < length; i += 2) {
    const document = pairs[i]!
    if (alive[document] === 1 && (i === 0 || pairs[i - 2] !== document)) visit(document)
  }
}

function best(scores: ReadonlyMap<string, number>, limit: number): readonly Suggestion[] {
  const ranking = createRanking(
    [...scores].map(([suggestion, score]) => ({ suggestion, score })),
    (left, right) =>
      left.score > right.score || (left.score === right.score && left.suggestion < right.suggestion),
  )
  const found: Suggestion[] = []
  while (found.length < limit) {
    const suggestion = ranking.take()
    if (suggestion === undefined) break
    found.push(suggestion)
  }
  return found
}
